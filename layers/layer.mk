# Builds a Lambda layer from pinned wheels; included by layers/<name>/Makefile. `sam build` calls `build-<logical id>` with
# ARTIFACTS_DIR set. Wheels are taken for the Lambda platform, not for this machine's, so that any machine with any Python
# can build: no compiler, no container and no interpreter of the Lambda version is needed.
#
# Which platform that is stands in template.yaml, in the globals of the functions, and nowhere else.
# LAMBDA_MACHINE=host builds for this machine and this Python, to try a layer out.

# SAM runs this in a copy of the layer's folder, but names the Makefile by its place in the repository.
LAYER_DIR := $(dir $(abspath $(firstword $(MAKEFILE_LIST))))
TEMPLATE := $(LAYER_DIR)../../template.yaml
LAMBDA_PYTHON := $(shell sed -n 's/^    Runtime: .*python//p' "$(TEMPLATE)")
ifneq ($(LAMBDA_MACHINE),host)
override LAMBDA_MACHINE := $(shell sed -n 's/^    Architectures: .*\[\(.*\)\]/\1/p' "$(TEMPLATE)" | sed 's/arm64/aarch64/')
endif
ifeq ($(and $(LAMBDA_PYTHON),$(LAMBDA_MACHINE)),)
$(error $(TEMPLATE) does not say for which Python and which architecture the functions are)
endif
PYTHON_BIN := $(or $(wildcard $(LAYER_DIR)../../.venv/bin/python),python3)

# Newest first: python3.12 and later run on Amazon Linux 2023, which has glibc 2.34.
PLATFORMS := manylinux_2_34 manylinux_2_28 manylinux_2_17 manylinux2014
ifneq ($(LAMBDA_MACHINE),host)
TARGET := --implementation cp --python-version $(LAMBDA_PYTHON) $(PLATFORMS:%=--platform %_$(LAMBDA_MACHINE))
endif

# --no-deps: the lock names every package. Without it pip would judge environment markers by this machine's Python.
define install_requirements
$(PYTHON_BIN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: \
	--no-compile $(TARGET) --target "$(ARTIFACTS_DIR)/python" --requirement "$(LAYER_DIR)requirements.txt"
rm -rf "$(ARTIFACTS_DIR)/python/bin"
endef
