# Browser code
FROM node:22-bookworm-slim AS assets
WORKDIR /src/static
COPY static/package.json static/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY static/ ./
COPY charts/theme.json /src/charts/theme.json
RUN npm run build

# The program, with the browser code inside
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/static/dist static/dist
ARG VERSION=dev
ARG COMMIT=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o /agora .
RUN mkdir -p /image/data && chown 65532:65532 /image/data

# The image: the program, CA certificates and time zones, and nobody's shell
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /agora /agora
COPY --from=build --chown=65532:65532 /image/data /data
COPY LICENSE NOTICE /
ENV AGORA_LISTEN=0.0.0.0:8080 AGORA_DATA=/data
VOLUME /data
EXPOSE 8080
USER 65532:65532
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=4 CMD ["/agora", "check", "--running"]
ENTRYPOINT ["/agora"]
