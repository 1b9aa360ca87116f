"""What SageMaker Neo compiles for, as AWS's service model lists it (a test compares them). Lower case, as in settings.

Frameworks and their versions are those of the Developer Guide: 'Supported Instance Types and Frameworks' of the cloud,
'Supported Frameworks' of edge devices.
"""

from __future__ import annotations

from collections.abc import Mapping

DEVICES = (
    "lambda", "ml_m4", "ml_m5", "ml_m6g", "ml_c4", "ml_c5", "ml_c6g", "ml_p2", "ml_p3", "ml_g4dn", "ml_inf1",
    "ml_inf2", "ml_trn1", "ml_eia2", "jetson_tx1", "jetson_tx2", "jetson_nano", "jetson_xavier", "rasp3b", "rasp4b",
    "imx8qm", "deeplens", "rk3399", "rk3288", "aisage", "sbe_c", "qcs605", "qcs603", "sitara_am57x", "amba_cv2",
    "amba_cv22", "amba_cv25", "x86_win32", "x86_win64", "coreml", "jacinto_tda4vm", "imx8mplus",
)  # fmt: skip
SYSTEMS = ("android", "linux")
ARCHITECTURES = ("x86_64", "x86", "arm64", "arm_eabi", "arm_eabihf")
ACCELERATORS = ("intel_graphics", "mali", "nvidia", "nna")

CLOUD = "ml_"
"""How devices start that are instances in the cloud."""

VERSIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pytorch": {
        "cloud": ("1.4", "1.5", "1.6", "1.7", "1.8", "1.12", "1.13", "2.0"),
        "edge": ("1.7", "1.8"),
    },
}
"""The versions of frameworks whose models need one named, in the cloud and on devices."""

SERVED = ("ml_c4", "ml_c5", "ml_m4", "ml_m5")
"""The instance families whose compiled trees Neo's own image serves. Source: Developer Guide, 'Supported Instance Types
and Frameworks' of the cloud; accelerated families are listed there too, and nothing of trees runs on an accelerator."""

GONE: Mapping[str, str] = {
    "deeplens": "AWS DeepLens has ended",
    "ml_eia2": "Elastic Inference has ended",
}
"""Devices that the service model still lists, and why there is nothing to compile for."""

WITHOUT_XGBOOST: Mapping[str, str] = {
    "coreml": "Core ML takes models of TensorFlow and PyTorch",
    "ml_inf2": "AWS Neuron compiles neural networks",
    "ml_trn1": "AWS Neuron compiles neural networks",
}
WITHOUT_ONNX: Mapping[str, str] = {
    "coreml": "Core ML takes models of TensorFlow and PyTorch",
}
"""Devices that a framework's models are not compiled for, and why."""

NVIDIA_OPTIONS = ("cuda-ver", "gpu-code", "trt-ver")
"""What compiling for a platform with an Nvidia accelerator needs. Source: API reference, TargetPlatform."""

ANDROID_LEVELS = (21, 29)
"""The first and the last Android API level that can be named. Source: API reference, OutputConfig."""

HOSTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "intel_graphics": (("linux",), ("x86_64",)),
    "mali": (("android", "linux"), ("arm64", "arm_eabi", "arm_eabihf")),
    "nvidia": (("linux",), ("arm64", "x86_64")),
}
"""The systems and the architectures that have an accelerator."""
