/** Um grafo do TensorFlow, escrito operação por operação e rodado de uma vez pela ligação do tfjs-node. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nativeBackend, type Attribute } from "./native";

/** Um tensor constante do grafo. */
export interface Constant {
  readonly shape: readonly number[];
  readonly dtype: number;
  /** Os valores como o TensorFlow os guarda na memória. */
  readonly bytes: Uint8Array;
}

/** Uma operação do grafo; `inputs` são saídas de outras, por nome (`n3`, ou `n3:1` para a segunda saída). */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly constant?: Constant;
}

/** O que a ligação sabe de um tensor. */
export interface Handle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** Um grafo carregado. */
export interface Session {
  /**
   * Roda o que as saídas pedidas exigem.
   *
   * @param inputs os nós que se alimentam
   * @param feeds com quê: identificadores de tensores da ligação, na mesma ordem
   */
  run(inputs: readonly string[], feeds: readonly number[], outputs: readonly string[]): Handle[];
  dispose(): void;
}

interface SavedModels {
  loadSavedModel(folder: string, tag: string): number;
  runSavedModel(id: number, feeds: readonly number[], inputs: string, outputs: string): Handle[];
  deleteSavedModel(id: number): void;
}

/**
 * Carrega o grafo: a ligação só lê grafos de um SavedModel, e por isso ele passa por uma pasta temporária.
 *
 * @throws Error se o TensorFlow recusa o grafo
 */
export function load(nodes: readonly Node[]): Session {
  const binding = nativeBackend().binding as unknown as SavedModels;
  const folder = mkdtempSync(join(tmpdir(), "grafo-"));
  let id: number;
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel(nodes));
    id = binding.loadSavedModel(folder, "serve");
  } catch (error) {
    throw new Error(`compile: o TensorFlow recusou o grafo: ${(error as Error).message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const listed = (names: readonly string[]) => names.map((name) => `${name}:0`).join(",");
  return {
    run: (inputs, feeds, outputs) =>
      binding.runSavedModel(id, feeds, listed(inputs), listed(outputs)),
    dispose: () => binding.deleteSavedModel(id),
  };
}

// As mensagens do protocolo do TensorFlow vêm geradas no tfjs-node, sem tipos.
type Message = any;

function savedModel(nodes: readonly Node[]): Uint8Array {
  const pb = require("@tensorflow/tfjs-node/dist/proto/api_pb") as Record<string, Message>;
  const graph = new pb.GraphDef();
  for (const node of nodes) graph.addNode(nodeDef(pb, node));
  const versions = new pb.VersionDef();
  versions.setProducer(1766); // a versão de grafos do TensorFlow 2.16
  graph.setVersions(versions);
  const info = new pb.MetaGraphDef.MetaInfoDef();
  info.setTagsList(["serve"]);
  const meta = new pb.MetaGraphDef();
  meta.setMetaInfoDef(info);
  meta.setGraphDef(graph);
  const model = new pb.SavedModel();
  model.setSavedModelSchemaVersion(1);
  model.addMetaGraphs(meta);
  return model.serializeBinary();
}

function nodeDef(pb: Record<string, Message>, node: Node): Message {
  const def = new pb.NodeDef();
  def.setName(node.name);
  def.setOp(node.op);
  def.setInputList([...node.inputs]);
  for (const attribute of node.attributes)
    def.getAttrMap().set(attribute.name, attrValue(pb, attribute));
  if (node.constant) {
    const tensor = new pb.Tensor();
    tensor.setDtype(node.constant.dtype);
    tensor.setTensorShape(shape(pb, node.constant.shape));
    tensor.setTensorContent(base64(node.constant.bytes));
    const value = new pb.AttrValue();
    value.setTensor(tensor);
    def.getAttrMap().set("value", value);
  }
  return def;
}

function attrValue(pb: Record<string, Message>, { type, value }: Attribute): Message {
  const { binding } = nativeBackend();
  const result = new pb.AttrValue();
  if (type === binding.TF_ATTR_SHAPE) {
    result.setShape(shape(pb, value as number[]));
    return result;
  }
  const setters: Record<number, string> = {
    [binding.TF_ATTR_INT]: "I",
    [binding.TF_ATTR_FLOAT]: "F",
    [binding.TF_ATTR_BOOL]: "B",
    [binding.TF_ATTR_TYPE]: "Type",
  };
  const kind = setters[type] ?? "S"; // a ligação não dá nome ao tipo dos textos
  const plain = (item: unknown) =>
    kind === "S" ? base64(Buffer.from(String(item))) : kind === "B" ? Boolean(item) : item;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const list = new pb.AttrValue.ListValue();
    for (const item of value as unknown as unknown[]) list[`add${kind}`](plain(item));
    result.setList(list);
  } else result[`set${kind}`](plain(value));
  return result;
}

function shape(pb: Record<string, Message>, sizes: readonly number[]): Message {
  const result = new pb.TensorShape();
  for (const size of sizes) {
    const dim = new pb.TensorShape.Dim();
    dim.setSize(size);
    result.addDim(dim);
  }
  return result;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
