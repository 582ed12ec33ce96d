import * as tf from "@tensorflow/tfjs";
export function registerMissingKernels(): void {}
