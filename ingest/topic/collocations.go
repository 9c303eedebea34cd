package topic

import (
	"strings"
	"sync"
)

// knownPhrases lists, by key, common words that make one topic together and
// that news about companies is full of: the others are learned.
var knownPhrases = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for phrase := range strings.SplitSeq(phraseList, ",") {
		words := strings.Fields(phrase)
		words[len(words)-1] = stem(words[len(words)-1])
		known[strings.Join(words, " ")] = true
	}
	return known
})

const phraseList = `abortion rights, air pollution, antitrust case, antitrust probe, app store, appeals court, artificial intelligence,
asset quality, battery life, bell ringing, board seat, bond sale, business model, capital spending, carbon emissions, cash flow,
cell tower, central bank, chat bot, child labour, child labor, chip shortage, class action, clean energy, climate change,
clinical trial, cloud computing, cloud gaming, collective bargaining, consumer protection, consumer rights, copyright infringement,
core business, cost cutting, cost cuts, credit card, credit rating, cruise ship, customer service, customer data, customer support,
cyber attack, cyber security, data breach, data center, data centre, data leak, data privacy, data protection, death toll, debt ceiling,
digital currency, diesel scandal, dividend cut, due diligence, driver assistance, earnings call, electric car, electric vehicle, email server,
emissions scandal, energy crisis, energy prices, environmental impact, executive pay, export controls, export ban, facial recognition,
factory closure, fake reviews, false advertising, financial crisis, flight cancellation, flight delays, food safety, foreign policy, forced labour,
forced labor, fossil fuels, fuel prices, gas prices, gender pay gap, green energy, grocery prices, gross margin, hate speech, health care,
health insurance, hedge fund, hiring freeze, housing market, human rights, identity theft, insider trading, insider threat,
insurance claim, interest rate, interim dividend, interim report, job cuts, job losses, joint venture, labor union, labour union, law enforcement,
loyalty program, loyalty programme, machine learning, managing director, market share, market value, mass layoffs, middle class,
minimum wage, mobile network, mobile phone, money laundering, mutual fund, national security, net loss, net profit, net sales, net zero,
network outage, nuclear power, oil prices, online shopping, open source, operating loss, operating margin, operating profit,
operating system, order book, parental controls, patent dispute, patent infringement, patent licence, patent license, pay gap, pay rise,
personal data, plastic packaging, plastic waste, power grid, power outage, premium tier, price cap, price cut, price hike, price increase, price target,
privacy policy, private equity, product launch, product recall, profit forecast, profit margin, profit warning, public transport,
quantum computing, quarterly earnings, quarterly loss, quarterly profit, quarterly results, racial discrimination, ransomware attack, rare earth,
raw materials, refund policy, remote work, renewable energy, return policy, revenue growth, ride hailing, safety concerns, safety recall,
sales growth, search engine, security breach, security flaw, security update, security vulnerability, self checkout, self driving, sexual assault,
sexual harassment, share buyback, shareholder meeting, smart home, smart phone, social media, software update, solar power, solar panels, space debris,
stock market, stock split, streaming service, subscription price, supply chain, supreme court, sustainability report, takeover bid,
takeover offer, target price, tariff war, tax cuts, tax evasion, tax fraud, tax haven, tech giant, telecom operator, trade deal, trade secrets, trade union,
trade war, train strike, union busting, user data, user interface, venture capital, video game, virtual reality, voice assistant,
wage increase, wage theft, water pollution, whistleblower complaint, wind farm, wind power, wireless network, working conditions, workplace safety`
