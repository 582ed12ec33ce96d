/**
 * Os passos de um otimizador no TensorFlow nativo: um grafo em que cada variável tem uma gêmea na memória dele (resource variable) e os
 * seus acumuladores, e em que um passo em todas é uma chamada só. Pesos, gradiente e acumuladores passam uma vez pelo processador.
 */
import * as tf from "@tensorflow/tfjs";
import { load, type Node, type Session } from "./graph";
import { attribute, float32, nativeBackend, type Attribute } from "./native";

/** A operação que dá o passo em uma variável. */
export interface UpdateOperation {
  readonly name: "ResourceApplyGradientDescent" | "ResourceApplyMomentum" | "ResourceApplyAdam";
  /** Quantos acumuladores ela tem. */
  readonly slotCount: number;
  /** Quantos números ela recebe antes do gradiente, e quantos depois. */
  readonly numbers: readonly [before: number, after: number];
  /** Os pesos são antes multiplicados por um número, dado depois dos outros? */
  readonly shrinks?: boolean;
}

/** Passos sobre variáveis que se vão juntando. */
export interface NativeUpdate {
  /** Junta variáveis novas; `setSlots` lhes dá os acumuladores antes do primeiro passo. */
  add(variables: readonly tf.Variable[]): void;
  /** Um passo. Quem tem uma cópia de uma variável (`clone`, `reshape`) continua com os valores de antes. */
  step(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[], numbers: readonly number[]): void; // prettier-ignore
  /** Os acumuladores de cada variável: uma cópia. */
  slots(variables: readonly tf.Variable[]): Float32Array[][];
  /** Dá novos valores aos acumuladores; são copiados. */
  setSlots(variables: readonly tf.Variable[], values: readonly (readonly Float32Array[])[]): void;
  /** Libera a memória do TensorFlow; as variáveis continuam. */
  dispose(): void;
}

/** Os passos de um otimizador, ainda sem variáveis. */
export function nativeUpdate(operation: UpdateOperation): NativeUpdate {
  const backend = nativeBackend();
  const { binding } = backend;
  const indices = new Map<tf.Variable, number>();
  /** O valor que cada variável recebeu no último passo: se agora tem outro, alguém o pôs. */
  let seen: number[] = [];
  const loaded: { session?: Session } = {};

  const run = (feeds: readonly Feed[], outputs: readonly string[]) =>
    loaded.session!.run(feeds.map(([name]) => name), feeds.map(([, id]) => id), outputs); // prettier-ignore
  const set = (feeds: readonly Feed[]) => {
    if (feeds.length === 0) return;
    const done = run(feeds, feeds.map(([name]) => `${name}/set`)); // prettier-ignore
    done.forEach(({ id }) => binding.deleteTensor(id));
  };
  const slotNames = (w: tf.Variable) =>
    Array.from({ length: operation.slotCount }, (_, k) => `slot${indices.get(w)}_${k}`);

  const self: NativeUpdate = {
    add(variables) {
      const known = [...indices.keys()];
      const values = self.slots(known);
      const all = [...known, ...variables];
      const session = load(graphOf(operation, all.map(({ shape }) => shape))); // prettier-ignore
      loaded.session?.dispose();
      loaded.session = session;
      all.forEach((w, i) => indices.set(w, i));
      seen = all.map(() => -1);
      self.setSlots(known, values);
    },
    step(variables, gradients, numbers) {
      const mine = variables.map((w) => indices.get(w)!);
      const old = backend.getInputTensorIds(variables);
      const gradientIds = backend.getInputTensorIds(gradients);
      set(mine.flatMap((index, i) => (old[i] === seen[index] ? [] : [[`weights${index}`, old[i]]]))); // prettier-ignore
      const data = variables.map((w) => backend.tensorMap.get(w.dataId));
      // Sem outro dono, o valor antigo pode ir já: o TensorFlow então muda os pesos no lugar.
      const alone = data.map(({ refCount, id }) => refCount === 1 && !gradientIds.includes(id));
      old.forEach((id, i) => alone[i] && binding.deleteTensor(id));
      const given = binding.createTensor([numbers.length], binding.TF_FLOAT, Float32Array.from(numbers)); // prettier-ignore
      const feeds = mine.map((index, i): Feed => [`gradient${index}`, gradientIds[i]]);
      const moved = run([["numbers", given], ...feeds], mine.map((index) => `moved${index}`)); // prettier-ignore
      binding.deleteTensor(given);
      moved.forEach((handle, i) => {
        if (alone[i]) data[i].id = handle.id;
        else {
          const tensor = backend.createOutputTensor(handle);
          variables[i].assign(tensor);
          tensor.dispose();
        }
        seen[mine[i]] = handle.id;
      });
    },
    slots(variables) {
      const names = variables.flatMap(slotNames);
      if (names.length === 0) return variables.map(() => []);
      const values = run(
        [],
        names.map((name) => `${name}/read`),
      ).map(({ id }) => {
        // prettier-ignore
        const list = binding.tensorDataSync(id);
        binding.deleteTensor(id);
        return list;
      });
      return variables.map(() => values.splice(0, operation.slotCount));
    },
    setSlots(variables, values) {
      const feeds = variables.flatMap(
        (w, i) =>
        slotNames(w).map((name, k): Feed => [name, binding.createTensor(w.shape, binding.TF_FLOAT, values[i][k])]), // prettier-ignore
      );
      set(feeds);
      feeds.forEach(([, id]) => binding.deleteTensor(id));
    },
    dispose() {
      loaded.session?.dispose();
      loaded.session = undefined;
      indices.clear();
    },
  };
  lost.register(self, loaded);
  return self;
}

/** Um otimizador que ninguém mais tem devolve a memória. */
const lost = new FinalizationRegistry(({ session }: { session?: Session }) => session?.dispose());

/** Um nó e o tensor que o alimenta. */
type Feed = readonly [name: string, id: number];

/** O grafo para variáveis destas formas. */
function graphOf(operation: UpdateOperation, shapes: readonly number[][]): Node[] {
  const nodes: Node[] = [];
  const add = (name: string, op: string, inputs: string[], attributes: Attribute[] = []) => {
    nodes.push({ name, op, inputs, attributes });
    return name;
  };
  const shaped = (shape: number[]) => [float32("dtype"), attribute("shape", "SHAPE", shape)];
  /** Uma variável do TensorFlow: `nome/read` a lê, `nome/set` lhe dá uma cópia do que alimenta `nome`. */
  const variable = (name: string, shape: number[]) => {
    const handle = add(`${name}/handle`, "VarHandleOp", [], [...shaped(shape), attribute("shared_name", "STRING", name)]); // prettier-ignore
    // O passo muda os números no lugar, e estes podem ser os de uma lista do leitor.
    const copy = add(`${name}/copy`, "DeepCopy", [add(name, "Placeholder", [], shaped(shape))], [float32()]); // prettier-ignore
    add(`${name}/assign`, "AssignVariableOp", [handle, copy], [float32("dtype")]);
    add(`${name}/set`, "Identity", ["done", `^${name}/assign`], [float32()]);
    add(`${name}/read`, "ReadVariableOp", [handle], [float32("dtype")]);
    return handle;
  };
  const [before, after] = operation.numbers;
  const count = before + after + (operation.shrinks ? 1 : 0);
  add("numbers", "Placeholder", [], shaped([count]));
  add("number", "Unpack", ["numbers"], [float32(), attribute("num", "INT", count), attribute("axis", "INT", 0)]); // prettier-ignore
  const numbers = Array.from({ length: count }, (_, i) => (i === 0 ? "number" : `number:${i}`));
  const { TF_FLOAT } = nativeBackend().binding;
  const constant = { shape: [], dtype: TF_FLOAT, bytes: new Uint8Array(4) };
  nodes.push({ name: "done", op: "Const", inputs: [], attributes: [float32("dtype")], constant });

  shapes.forEach((shape, i) => {
    const weights = variable(`weights${i}`, shape);
    const slots = Array.from({ length: operation.slotCount }, (_, k) => variable(`slot${i}_${k}`, shape)); // prettier-ignore
    const gradient = add(`gradient${i}`, "Placeholder", [], shaped(shape));
    const inputs = [weights, ...slots, ...numbers.slice(0, before), gradient, ...numbers.slice(before, before + after)]; // prettier-ignore
    if (operation.shrinks) {
      add(`shrunk${i}`, "Mul", [`weights${i}/read`, numbers[count - 1]], [float32()]);
      add(`shrink${i}`, "AssignVariableOp", [weights, `shrunk${i}`], [float32("dtype")]);
      inputs.push(`^shrink${i}`);
    }
    add(`step${i}`, operation.name, inputs, [float32()]);
    add(`moved${i}`, "ReadVariableOp", [weights, `^step${i}`], [float32("dtype")]);
  });
  return nodes;
}
