# Builds a Lambda layer from pinned wheels; included by layers/<name>/Makefile. `sam build` calls `build-<logical id>` with
# ARTIFACTS_DIR set. Wheels are taken for the Lambda platform, not for this machine's, so that any machine with any Python
# can build: no compiler, no container and no interpreter of the Lambda version is needed.
#
#   LAMBDA_MACHINE   aarch64 (arm64), x86_64, or host: this machine and this Python, to try the layer out
#   LAMBDA_PYTHON    version of the runtime, such as 3.13
#
# Both must agree with the template's parameters for architecture and runtime.

LAMBDA_MACHINE ?= aarch64
LAMBDA_PYTHON ?= 3.13

# SAM runs this in a copy of the layer's folder, but names the Makefile by its place in the repository.
LAYER_DIR := $(dir $(abspath $(firstword $(MAKEFILE_LIST))))
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
