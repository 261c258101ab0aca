# Every target does its own set-up. CI runs the same ones: see .ci/run.
SHELL := bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
LINT := go tool -modfile=tools/go.mod golangci-lint
# A line for each package, and at the end what failed, and what was skipped and why.
TESTS := go tool -modfile=tools/go.mod gotestsum --format pkgname --

.PHONY: help
help: ## Say what there is to make.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: run
run: postgres bin/data-api ## Start everything on this machine, with a demo workspace.
	@./bin/data-api dev $(ARGS)

# What a release is called: make release VERSION=v1.2.3.
VERSION ?= dev
BUILD := go build -trimpath -ldflags '-X github.com/provenanceone/data-api/internal/command.version=$(VERSION)'

.PHONY: build
build: bin/data-api ## Build bin/data-api, with the embedded backends that `dev` runs.

.PHONY: release
release: ## Build what production runs, without the embedded backends, into bin/release: VERSION=v1.2.3, as CHANGELOG.md has it.
	@./tools/release.sh $(filter-out dev,$(VERSION))

.PHONY: reproducible
reproducible: ## Build a release twice, in two places, and compare all bytes; some minutes.
	@./tools/reproducible.sh

.PHONY: install
install: bin/data-api ## Put data-api where Go puts programs, which should be on your PATH.
	@bin=$$(go env GOBIN); bin=$${bin:-$$(go env GOPATH)/bin}; mkdir -p "$$bin" && cp bin/data-api "$$bin/data-api.new" && \
		mv "$$bin/data-api.new" "$$bin/data-api" && echo "Installed $$bin/data-api."

.PHONY: bin/data-api
bin/data-api:
	@test -e bin/data-api || echo 'Compiling, once, about two minutes…'
	@mkdir -p bin && $(BUILD) -tags dev -o bin/data-api .

.PHONY: test
test: postgres pooler nginx promtool browser ## Run every test, with the race detector, in random order; at the end: what was skipped, and why.
	$(TESTS) -race -shuffle=on -timeout 60m $$(go list ./... | grep -v '/e2e$$')
	$(TESTS) -race -shuffle=on -parallel 4 -timeout 60m ./e2e # the browser has both cores then

.PHONY: e2e
e2e: postgres pooler nginx browser ## Run the scenarios against the whole server only.
	$(TESTS) -race -shuffle=on -count=1 -timeout 60m ./e2e

.PHONY: check
check: ## Format, vet, lint, architecture, and nothing left to generate.
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' | grep -v '^graph/')); test -z "$$unformatted" || { echo "not formatted: $$unformatted"; exit 1; }
	go vet ./...
	GOOS=darwin go build -tags dev -o /dev/null .
	$(LINT) run --allow-parallel-runners ./...
	go test -count=1 . ./schema
	$(MAKE) --no-print-directory generate typescript pages example
	git diff --exit-code
	./tools/contract.sh

.PHONY: generate
generate: ## Make graph/, the Go client and schema.graphql anew from schema/, tidy the modules, and list their licences in NOTICE.
	rm -f graph/*.generated.go
	go tool gqlgen generate
	sed -i.bak -e 's/graphql\.MarshalSliceConcurrently(ctx, len(v), [0-9]*, false, /marshalSlice(ctx, sel, len(v), /' \
		-e 's/return graphql\.ResolveField(/return resolveField(/' -e 's/graphql\.NewDeferredGroup(ctx)/graphql.DeferredGroup{}/' \
		-e 's/^\treturn out$$/\treturn marshalObject(fields, out)/' graph/*.generated.go
	rm graph/*.bak
	cd client && go tool genqlient genqlient.yaml
	go test ./schema -run TestContract_Printed -update
	go mod tidy
	tools/notice.sh > NOTICE.new && mv NOTICE.new NOTICE

.PHONY: release-contract
release-contract: ## Take the contract as it is for the released one, which later changes must not break.
	cp schema.graphql schema/released.graphql

.PHONY: pages
pages: browser ## Build the console and the playground from web/; says so and does nothing without Node.js.
	@! command -v npm >/dev/null || (cd web && npm run --silent generate -- --silent && npm run --silent build)

.PHONY: typescript
typescript: browser ## Generate and build client/ts; says so and does nothing without Node.js.

.PHONY: example
example: browser ## Generate and build examples/apollo; says so and does nothing without Node.js.
	@! command -v npm >/dev/null || (cd examples/apollo && npm run --silent generate -- --silent && npm run --silent build -- --logLevel warn)

.PHONY: update-golden
update-golden: postgres ## Rewrite what tests compare with; read the difference before you commit it.
	go test ./schema ./migrations ./internal/rest -update
	go test . -run TestFindingYourWay -update
	go test ./e2e -run TestScenarios -update

.PHONY: fuzz
fuzz: ## Fuzz every parser for ten seconds each.
	@for package in $$(grep -lr --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$package/*_test.go | cut -d' ' -f2); do \
			echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime 10s $$package || exit 1; \
		done; \
	done

.PHONY: bench
bench: postgres ## Hold the server against bare handlers, and write the table into docs/performance.md; five minutes.
	go run ./bench -into docs/performance.md $(ARGS)

.PHONY: prove
prove: postgres browser ## Run the heavy proofs at full size, and print their figures.
	PROVE=full go test -count=1 -v -run 'TestLists_OfAMillion' ./internal/postgres | grep -v '^=== '
	PROVE=full go test -count=1 -v -run 'TestStarve' ./e2e | grep -v '^=== '
	PROVE=full go test -race -count=1 -v -run 'TestConnections|TestConsole|TestDev|TestDocuments' ./e2e | grep -v '^=== '
	PROVE=full go test -race -count=1 -timeout 90m -v -run 'TestHistory|TestCrash|TestIdempotency|TestKill|TestLarge|TestTypeScript_Large' ./e2e | grep -v '^=== '

.PHONY: soak
soak: postgres ## Watch a server under steady load for an hour (SOAK=10m: for ten minutes): memory, goroutines, descriptors, dead rows.
	SOAK=$${SOAK:-1h} go test -count=1 -timeout 0 -v -run 'TestSoak' ./e2e | grep -v '^=== '

.PHONY: reset
reset: bin/data-api ## Forget the state of `make run`.
	@./bin/data-api dev reset $(ARGS)

.PHONY: postgres
postgres:
	@./tools/postgres.sh

.PHONY: pooler
pooler:
	@./tools/program.sh pgbouncer pgbouncer

.PHONY: nginx
nginx:
	@./tools/program.sh nginx nginx-light

.PHONY: promtool
promtool:
	@./tools/program.sh promtool prometheus unpack

.PHONY: browser
browser:
	@./tools/browser.sh
