"""The arena, against where the LiteRT interpreter puts its tensors.

The interpreter says nothing of its plan, but each tensor it shows is a view of its memory: from
the addresses follow the size of the arena and which tensors share memory. It runs in a process of
its own, because a model can crash it.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

from tflint.model import Model
from tflint.model.memory import arena

pytestmark = pytest.mark.oracle

PROGRAM = """
import json, sys
from ai_edge_litert.interpreter import Interpreter, OpResolverType
for path in sys.argv[1:]:
    interpreter = Interpreter(
        model_path=path,
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    interpreter.allocate_tensors()
    found = {}
    for tensor in interpreter.get_tensor_details():
        try:
            view = interpreter.tensor(tensor["index"])()
        except ValueError:  # no memory yet
            continue
        if view.ndim:  # numpy copies scalars
            found[tensor["index"]] = view.__array_interface__["data"][0], view.nbytes
    print(json.dumps(found))
"""

#: Models whose kernels ask for no memory of their own within the arena's peak.
EXACT = [
    "real/Caldarie+flutter_tflite_audio__example__assets__mfcc_model.tflite",
    "real/Kazuhito00+hand-gesture-recognition-using-mediapipe__model__keypoint_classifier"
    "__keypoint_classifier.tflite",
    "real/breizhn+DTLN__pretrained_model__model_1.tflite",
    "real/cpetig+tflite_micro_compiler__examples__lstm2.tflite",
    "real/emza-vs+ModelZoo__Models__Object_detection__SSD__ssd_slim_120x160x1_v1_int8.tflite",
    "real/google-ai-edge+ai-edge-quantizer__ai_edge_quantizer__tests__models"
    "__sdpa_composite.tflite",
    "real/google-coral+edgetpu__test_data__deeplabv3_mnv2_dm05_pascal_quant.tflite",
    "real/mit-han-lab+tinyengine__assets__detection.tflite",
    "real/mit-han-lab+tinyengine__assets__vww.tflite",
    "real/tensorflow+flutter-tflite__example__object_detection_ssd_mobilenet_v2__assets"
    "__custom_ssd_mobilenet_v2_fpn_lite_320x320.tflite",
    "real/tensorflow+tflite-support__tensorflow_lite_support__cc__test__testdata__task__audio"
    "__yamnet_audio_classifier_with_metadata.tflite",
    "real/terryky+tflite_gles_app__gl2handpose__handpose_model"
    "__hand_landmark_3d_256_integer_quant.tflite",
    "regenerated/lstm_unroll_int8.tflite",
    "regenerated/mnv2_float_dyn.tflite",
    "regenerated/mnv2_int8.tflite",
    "regenerated/mnv2_float_dyn_aeq_float16.tflite",
]


def test_the_planned_arena_is_the_interpreters(shared_models: pathlib.Path) -> None:
    paths = [shared_models / name for name in EXACT]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    for path, answer in zip(paths, answers, strict=True):
        model = Model(memoryview(path.read_bytes()), path.name)
        planned = arena(model.subgraphs[0])
        addresses = {int(index): tuple(place) for index, place in answer.items()}
        places = {
            life.tensor: addresses[life.tensor]
            for life in planned.lifetimes
            if life.tensor in addresses and life.size
        }
        assert len(places) > 3, path.name
        start = min(address for address, _ in places.values())
        end = max(address + size for address, size in places.values())
        assert planned.size == end - start, path.name
        for life in planned.lifetimes:
            if life.tensor in places and life.shared_with in places:
                assert places[life.tensor][0] == places[life.shared_with][0], path.name
