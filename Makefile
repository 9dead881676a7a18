# Martlet. `make` lists what there is. Builds live outside the checkout, so that every checkout shares them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# One thing after the other: builds share a folder, and the first-run wizard needs the terminal.
.NOTPARALLEL:

export SCRATCH ?= $(HOME)/.cache/martlet
KEY := $(shell scripts/build-key.sh)

DEBUG := $(SCRATCH)/debug-$(KEY)
RELEASE := $(SCRATCH)/release-$(KEY)
TSAN := $(SCRATCH)/tsan-$(KEY)
ASAN := $(SCRATCH)/asan-$(KEY)

# Where `make crash` finds its programs; `make crash BIN=…/release` takes others.
BIN ?= $(DEBUG)/debug
RELEASE_BIN := $(RELEASE)/release

FORMATTED := Package.swift $(wildcard Sources Tests Benchmarks Fuzz)
PYTHON_PEERS := $(CURDIR)/.venv/bin/python

.PHONY: help
help: ## List the targets
	@echo "Usage: make TARGET [NAME=value …]"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Builds are kept in $(SCRATCH) (change it with SCRATCH=…); those of other compilers or packages go when they"
	@echo "were not used for 14 days (KEEP_BUILDS_DAYS=…)."

.PHONY: setup
setup: ## Install what a build needs and is missing
	@scripts/install-system-packages.sh build
	@scripts/remove-old-builds.sh "$(KEY)"

.PHONY: setup-test
setup-test: setup
	@scripts/install-system-packages.sh test
	@scripts/python-peers.sh

.PHONY: build
build: setup ## Build the product for release
	swift build -c release --static-swift-stdlib --product martlet --scratch-path "$(RELEASE)"

.PHONY: emulator
emulator: setup ## Build the emulator of WhatsApp's servers and say where it lies
	swift build -c release --static-swift-stdlib --product whatsapp-emulator --scratch-path "$(RELEASE)"
	@echo "$(RELEASE_BIN)/whatsapp-emulator"

PREFIX ?= $(HOME)/.local
.PHONY: install
install: build ## Build, and copy the program to PREFIX/bin; PREFIX=~/.local
	install -d "$(PREFIX)/bin"
	install -m 755 "$(RELEASE_BIN)/martlet" "$(PREFIX)/bin/martlet"
	@echo "martlet is in $(PREFIX)/bin"; [[ ":$$PATH:" == *":$(PREFIX)/bin:"* ]] || echo "put that folder on your PATH"

.PHONY: run
run: build ## Build and start Martlet; ARGS="…" go to `martlet run`
	@exec "$(RELEASE_BIN)/martlet" run $(ARGS)

.PHONY: demo
demo: build emulator ## Talk to a linked bot over an emulated WhatsApp; needs no account
	@exec scripts/demo.sh "$(RELEASE_BIN)"

.PHONY: build-debug
build-debug: setup-test
	swift build --build-tests --scratch-path "$(DEBUG)"

.PHONY: test
test: build-debug ## Run every test, and short crash tests
	@scripts/audit-deps.sh "$(DEBUG)/checkouts" >/dev/null
	@MARTLET_TEST_PYTHON="$(PYTHON_PEERS)" scripts/test.sh "$(DEBUG)" "$(BIN)"

.PHONY: interop
interop: build-debug ## Run only the tests against clients and servers of others
	MARTLET_TEST_PYTHON="$(PYTHON_PEERS)" swift test --skip-build --disable-xctest --scratch-path "$(DEBUG)" \
		--filter '[Ii]nterop|[Pp]ywa|PyWa|LLMock|llmock|[Pp]romtool|[Ww]hatsmeow|LabTests|Axolotl'

.PHONY: audit-deps
audit-deps: setup ## List what this is built from and runs on: version, licence, why
	@swift package resolve --scratch-path "$(DEBUG)" >/dev/null
	@scripts/audit-deps.sh "$(DEBUG)/checkouts"

N ?= 200
.PHONY: crash
crash: build-debug ## Kill Martlet N times under load and count the answers; N=200
	"$(BIN)/Benchmarks" crash --runs $(N) --martlet "$(BIN)/martlet"

.PHONY: crash-web
crash-web: build-debug ## The same over a linked account, and no key is used twice; N=200
	"$(BIN)/Benchmarks" crash-web --runs $(N) --martlet "$(BIN)/martlet" --python "$(PYTHON_PEERS)"

.PHONY: crash-jobs
crash-jobs: build-debug ## Kill the job runner over 10000 stored jobs and count what they left
	"$(BIN)/Benchmarks" crash-jobs

.PHONY: bench
bench: setup-test ## Measure; prints one figure a line: name value unit
	swift build -c release --static-swift-stdlib --scratch-path "$(RELEASE)"
	@# Pages of the program that are not yet on the disk would count as its private dirty memory.
	sync
	"$(RELEASE_BIN)/Benchmarks" bench --martlet "$(RELEASE_BIN)/martlet" --python "$(PYTHON_PEERS)"

MINUTES ?= 30
.PHONY: soak
soak: build emulator ## Watch a linked account for MINUTES under load, its connection breaking; MINUTES=30
	swift build -c release --static-swift-stdlib --product Benchmarks --scratch-path "$(RELEASE)"
	"$(RELEASE_BIN)/Benchmarks" soak --minutes $(MINUTES) --martlet "$(RELEASE_BIN)/martlet"

RUNS ?= 1000000
.PHONY: fuzz
fuzz: setup ## Feed RUNS inputs to each parser of untrusted bytes; RUNS=1000000
	@scripts/fuzz.sh $(RUNS)

.PHONY: sanitize
sanitize: setup-test ## Run the tests under the thread and the address sanitizer
	@MARTLET_TEST_PYTHON="$(PYTHON_PEERS)" scripts/sanitize.sh thread "$(TSAN)"
	@MARTLET_TEST_PYTHON="$(PYTHON_PEERS)" scripts/sanitize.sh address "$(ASAN)"

.PHONY: format
format: ## Lay out every Swift file
	swift format --in-place --parallel --recursive --configuration .swift-format $(FORMATTED)

.PHONY: lint
lint: ## Check the layout without changing it
	swift format lint --strict --parallel --recursive --configuration .swift-format $(FORMATTED)
