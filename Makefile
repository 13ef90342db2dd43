# Patchbay. `make` lists what can be done.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MVN := mvn -B
DIST := web/target/patchbay
SAMPLE := executor-runc/target/sample-plugin
BENCHMARKS := benchmarks/target/benchmarks.jar

.PHONY: help deps-build deps-run deps-test deps-peers build run demo test test-crashes test-peers test-embedding leak-test soak stress bench bench-compare bench-readme bench-docker load-test fmt check clean

help: ## lists these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
	    while IFS='	' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

deps-build: ## installs what building needs: Maven, JDK 25, a C compiler
	@.build/deps.sh build

deps-run: ## installs what running needs: runc, conmon, a docker client; and libisal, which makes installing and creating faster
	@.build/deps.sh run

deps-test: ## installs what tests need as well: crun, docker-registry, htpasswd, skopeo, libisal, python3-websockets
	@.build/deps.sh test

deps-peers: ## installs what benchmarks and test-peers work with: dockerd, docker-registry, rclone, fuse3
	@.build/deps.sh peers

build: deps-build ## builds the daemon into web/target/patchbay and the sample plugin, without tests
	$(MVN) -q package -DskipTests -pl web,executor-runc -am
	@PATCHBAY_TRAIN=1 $(DIST)/bin/patchbay
	@echo "built $(DIST) and $(SAMPLE)"

run: ## installs what is missing, builds, and runs the daemon in the foreground, as root
	@.build/root.sh run
	@$(MAKE) --no-print-directory deps-run build
	@.build/try.sh $(SAMPLE)
	@exec $(DIST)/bin/patchbay serve

demo: ## shows a plugin's whole life in a private daemon, with the events as they arrive, as root
	@.build/root.sh demo
	@$(MAKE) --no-print-directory deps-run build
	@web/src/demo/demo.sh $(DIST) $(SAMPLE)

test: ## installs what is missing, builds and runs every test; those with real containers need root
	@$(MAKE) --no-print-directory deps-build deps-run deps-test
	$(MVN) verify

test-peers: ## tests against a real dockerd and a real volume plugin, rclone, as root
	@.build/root.sh test-peers
	@$(MAKE) --no-print-directory deps-run deps-peers build
	$(MVN) test -pl web -am -Dtest='*Peer' -Dsurefire.failIfNoSpecifiedTests=false

test-crashes: ## kills the daemon 200 times while plugins are changed, as root; ROUNDS=20 for fewer, SEED= repeats
	@.build/root.sh test-crashes
	@$(MAKE) --no-print-directory deps-build deps-run deps-test
	$(MVN) test -pl web -am -Dtest=CrashRoundsIT -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dpatchbay.crash.rounds=$(or $(ROUNDS),200) -Dpatchbay.crash.seed=$(SEED)

test-embedding: ## has the Spring example under load for SECONDS=60 while plugins crash, opens and closes engines, as root
	@.build/root.sh test-embedding
	@$(MAKE) --no-print-directory deps-build deps-run
	$(MVN) test -pl examples -am -Dtest='EmbeddingIT,SpringLoadIT' -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dpatchbay.load.seconds=$(or $(SECONDS),60)

leak-test: ## uses plugins 100000 times with cancels, errors and restarts, and looks what is left of it; USES= for fewer
	@$(MAKE) --no-print-directory deps-build
	$(MVN) test -pl core -Dtest=UseLeakTest -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dpatchbay.uses=$(or $(USES),100000) -Dpatchbay.uses.seed=$(or $(SEED),42)

soak: ## runs the engine in SEEDS=1000000 simulated worlds; SEED=4711 shows one again, MUTANT=LOSE_EXIT puts a bug in
	@$(MAKE) --no-print-directory deps-build
	@mkdir -p core/target
	@$(MVN) -q test-compile exec:exec -pl core -Dexec.executable=java -Dexec.classpathScope=test \
	    -Dexec.args="-Xmx1g --enable-native-access=ALL-UNNAMED -cp %classpath dev.patchbay.simulation.Soak SEEDS=$(SEEDS) FROM=$(FROM) SEED=$(SEED) MUTANT=$(MUTANT)" \
	    | tee core/target/soak.txt
	@grep -q '^all is good' core/target/soak.txt

stress: ## has threads race through hand-made concurrency for some minutes; TESTS=Permits for some, FULL=yes for long
	@$(MAKE) --no-print-directory deps-build
	$(MVN) -q process-classes -pl core/stress -am -Pstress -Dstress.tests='$(or $(TESTS),.*)' \
	    -Dstress.effort='$(if $(FULL),-m default,-m quick -sc false)'

bench: ## measures what is promised and writes benchmarks/target/report.txt, as root; RUNS="enable list" for some
	@.build/root.sh bench
	@$(MAKE) --no-print-directory deps-run deps-peers build
	$(MVN) -q package -DskipTests -pl benchmarks -am -Pbench -Dbench.runs="$(RUNS)" -Dbench.part=$(or $(PART),1) \
	    -Dbench.iterations=$(or $(ITERATIONS),0) -Dbench.forks=$(or $(FORKS),0)

# What is named after bench-compare are files, no targets.
ifeq (bench-compare,$(firstword $(MAKECMDGOALS)))
A ?= $(word 2,$(MAKECMDGOALS))
B ?= $(word 3,$(MAKECMDGOALS))
ifneq (,$(word 2,$(MAKECMDGOALS)))
.PHONY: $(wordlist 2,3,$(MAKECMDGOALS))
$(wordlist 2,3,$(MAKECMDGOALS)):
	@:
endif
endif

bench-compare: ## says what changed between two results: make bench-compare A.json B.json
	@[ -f $(BENCHMARKS) ] || { $(MAKE) --no-print-directory deps-build && \
	    $(MVN) -q package -DskipTests -pl benchmarks -am; }
	@.build/java.sh -cp $(BENCHMARKS) dev.patchbay.benchmarks.compare.Compare "$(A)" "$(B)"

bench-readme: ## puts the table of what was promised, and a plot, into README.md: JSON="a.json b.json" for other results than the last
	@[ -f $(BENCHMARKS) ] || { $(MAKE) --no-print-directory deps-build && \
	    $(MVN) -q package -DskipTests -pl benchmarks -am; }
	@.build/java.sh -cp $(BENCHMARKS) dev.patchbay.benchmarks.report.Readme README.md docs/speed.svg \
	    $(or $(JSON),$(wildcard benchmarks/target/report.json benchmarks/target/bench-docker.json))

bench-docker: ## has dockerd and Patchbay do the same work in turn, as root; RUNS="enable cold" for some, BIG=yes for more
	@.build/root.sh bench-docker
	@$(MAKE) --no-print-directory deps-run deps-peers build
	$(MVN) -q package -DskipTests -pl benchmarks -am -Pbench -Dbench.runs="$(or $(addprefix docker:,$(RUNS)),docker)" \
	    -Dbench.report=bench-docker.txt -Dbench.big=$(or $(BIG),no)

load-test: ## puts load on a daemon, its own or ARGS="--target unix:///PATH"; ARGS=--help says what else
	@$(MAKE) --no-print-directory deps-run build >&2
	@$(MVN) -q package -DskipTests -pl benchmarks -am >&2
	@benchmarks/load-test $(ARGS)

fmt: ## formats all Java sources
	$(MVN) -q spotless:apply

check: ## checks formatting and licence without running tests
	$(MVN) -q spotless:check
	@.build/check-licence.sh

clean: ## removes everything that was built
	$(MVN) -q clean
