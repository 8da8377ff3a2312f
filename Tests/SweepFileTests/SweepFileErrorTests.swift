import Sweep
import SweepFile
import Testing

/// A faulty sweep file and the one line it must give.
struct FaultyFile: Sendable, CustomTestStringConvertible {
  var yaml: String
  var line: String

  init(_ yaml: String, _ line: String) {
    self.yaml = yaml
    self.line = line
  }

  /// A file whose grid or train holds `text`, which begins on line 3.
  init(grid text: String, _ line: String) {
    self.init("name: x\ngrid:\n" + text, line)
  }

  /// A sound grid on lines 2 to 4, then `text` from line 5 on.
  init(after text: String, _ line: String) {
    self.init("name: x\ngrid:\n  architecture: 784-256-2\n  seed: 0..3\n" + text, line)
  }

  var testDescription: String { line }
}

private let a = "  architecture: 784-256-2\n"
private let s = "  seed: 0..3\n"

@Suite("A faulty sweep file gives one line")
struct SweepFileErrorTests {
  static let keys: [FaultyFile] = [
    FaultyFile(
      after: "train:\n  epochs: 3\n  learnin_rate: 1\n",
      "x.yaml:7: learnin_rate: unknown key under train: (did you mean learning_rate?)"),
    FaultyFile(
      after: "train:\n  batch-size: 1\n",
      "x.yaml:6: batch-size: unknown key under train: (did you mean batch_size?)"),
    FaultyFile(
      after: "train:\n  seed: 1\n",
      "x.yaml:6: seed: unknown key under train: (it belongs under grid:)"),
    FaultyFile(
      after: "epochs: 5\n",
      "x.yaml:5: epochs: unknown key (it belongs under train: or under grid:)"),
    FaultyFile(after: "seed: 5\n", "x.yaml:5: seed: unknown key (it belongs under grid:)"),
    FaultyFile(after: "gird: 5\n", "x.yaml:5: gird: unknown key (did you mean grid?)"),
    FaultyFile(
      after: "colour: 5\n",
      "x.yaml:5: colour: unknown key (known: extends, name, dataset, input, grid, grids, zip, when, "
        + "exclude, include, train, variance, claims, looks, pictures, measures)"),
    FaultyFile(
      after: "measures: [likelyhood]\n",
      "x.yaml:5: measures: likelyhood is not accepted: it must be a list of likelihood (did you mean "
        + "likelihood?)"),
    FaultyFile(
      after: "measures: [nll]\n",
      "x.yaml:5: measures: nll is not accepted: it must be a list of likelihood, which measures nll "
        + "too"),
    FaultyFile(
      after: "measures: [{likelihood: {draws: 100}}]\n",
      "x.yaml:5: measures: a mapping is not accepted: it must be a list of likelihood, or a mapping: "
        + "measures: {likelihood: {draws: 1000}}"),
    FaultyFile(
      after: "measures: likelihood\n",
      "x.yaml:5: measures: likelihood is not accepted: it must be a list such as [likelihood], or "
        + "{likelihood: {draws: 5000}}"),
    FaultyFile(
      after: "measures: [likelihood, likelihood]\n",
      "x.yaml:5: measures: likelihood stands twice in the list"),
    FaultyFile(
      after: "measures: {likelihood: {draws: 12}}\n",
      "x.yaml:5: draws: 12 is not accepted: it must be a multiple of 5 from 5 to 1,000,000: the Monte-Carlo "
        + "error is told by fifths"),
    FaultyFile(
      after: "measures: {likelihood: {images: 0}}\n",
      "x.yaml:5: images: 0 is not accepted: it must be how many of the first test images, from 1"),
    FaultyFile(
      after: "measures: {likelihood: {samples: 5}}\n",
      "x.yaml:5: samples: unknown key under likelihood: (known: draws, images)"),
    FaultyFile(
      after: "looks: {metric: nll, half_width: 1, at: [4]}\n",
      "x.yaml:5: metric: nll is not accepted: it must be one of "
        + Metric.allCases.map(\.rawValue).joined(separator: ", ")),
    FaultyFile(
      grid: a + s + "  sampeling: true\n",
      "x.yaml:5: sampeling: unknown key under grid: (did you mean sampling?)"),
    FaultyFile(
      after: "exclude:\n  - {sampling: false}\n",
      "x.yaml:6: sampling: unknown key under exclude: (known: architecture, seed)"),
    FaultyFile(
      after: "train: {epochs: 1, epochs: 2}\n", "x.yaml:5: epochs: given twice in one mapping"),
    FaultyFile(
      after: "name: y\n", "x.yaml:1: name: given twice in one mapping"),
    FaultyFile(
      grid: a + s + "  epochs: 5\ntrain:\n  epochs: 6\n",
      "x.yaml:7: epochs: given under train: and under grid: (line 5): keep one of them"),
    FaultyFile(
      after: "train:\n  ? [1]\n  : 2\n", "x.yaml:6: train: [1] is not accepted as a key"),
  ]

  static let values: [FaultyFile] = [
    FaultyFile(
      after: "train:\n  epochs: ten\n",
      "x.yaml:6: epochs: ten is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "train:\n  epochs: \"10\"\n",
      "x.yaml:6: epochs: \"10\" is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "train:\n  epochs: 1_000\n",
      "x.yaml:6: epochs: 1_000 is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "train:\n  epochs: 010\n",
      "x.yaml:6: epochs: 010 is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "train:\n  epochs: 1.5\n",
      "x.yaml:6: epochs: 1.5 is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "train:\n  epochs:\n",
      "x.yaml:6: epochs: no value is not accepted: it must be a whole number from 1 to 10000"),
    FaultyFile(
      after: "train:\n  epochs: [1, 2]\n",
      "x.yaml:6: epochs: [1, 2] is not accepted: it must be one value (to vary it, move it under grid:)"
    ),
    FaultyFile(
      after: "train:\n  epochs: !!int 5\n",
      "x.yaml:6: epochs: tags such as !!int are not accepted"),
    FaultyFile(
      after: "train:\n  learning_rate: 0\n",
      "x.yaml:6: learning_rate: 0 is not accepted: it must be a number, above 0"),
    FaultyFile(
      after: "train:\n  learning_rate: 1e999\n",
      "x.yaml:6: learning_rate: 1e999 is not accepted: it must be a number, above 0"),
    FaultyFile(
      after: "train:\n  learning_rate: 1e-50\n",
      "x.yaml:6: learning_rate: 1e-50 is not accepted: it must be a number, above 0, in single precision too, where this is 0"
    ),
    FaultyFile(
      after: "train:\n  kl_weight: 1e-400\n",
      "x.yaml:6: kl_weight: 1e-400 is not accepted: it must be a number, 0 or more"),
    FaultyFile(
      grid: a + s + "  epsilon: [1e-8, 1e-60]\n",
      "x.yaml:5: epsilon: 1e-60 is not accepted: it must be a number, above 0, in single precision too, where this is 0"
    ),
    FaultyFile(
      grid: s + "  hidden: [[256]]\n  latent_dim: 4097\n",
      "x.yaml:5: latent_dim: 4097 is not accepted: it must be a whole number from 1 to 4096"),
    FaultyFile(
      after: "train:\n  optimizer: rmsprop\n  rho: 1\n",
      "x.yaml:7: rho: 1 is not accepted: it must be a number, 0 or more and below 1"),
    FaultyFile(
      after: "train:\n  optimizer: adamw\n",
      "x.yaml:6: optimizer: adamw is not accepted: it must be one of adam, rmsprop, sgd"),
    FaultyFile(
      after: "train:\n  rho: 0.5\n",
      "x.yaml:6: rho: 0.5 is not accepted: it must be left out: it applies to no optimizer of this grid (adam)"
    ),
    FaultyFile(
      after: "train:\n  limit: 0\n",
      "x.yaml:6: limit: 0 is not accepted: it must be none or a whole number of 1 or more"),
    FaultyFile(
      grid: a + s + "  sampling:\n    - true\n    - no\n",
      "x.yaml:7: sampling: no is not accepted: it must be true or false"),
    FaultyFile(
      after: "train: 5\n",
      "x.yaml:5: train: 5 is not accepted: it must be a mapping of keys to values"),
    FaultyFile(
      "name: x\ngrid: [1]\n",
      "x.yaml:2: grid: [1] is not accepted: it must be a mapping of keys to values"),
    FaultyFile(
      "name: a/b\ngrid: {}\n",
      "x.yaml:1: name: a/b is not accepted: it must be up to 100 of the letters a-z and A-Z, digits, '-', '_' and '.', beginning with a letter or digit"
    ),
    FaultyFile(
      after: "dataset: minst\n",
      "x.yaml:5: dataset: minst is not accepted: it must be mnist, fashion-mnist, digits, digits:TRAIN:TEST, or a folder such as ./data (did you mean mnist?)"
    ),
    FaultyFile(
      after: "dataset: \"\\e[31m\"\n",
      "x.yaml:5: dataset: \"\\u{1B}[31m\" is not accepted: it must be mnist, fashion-mnist, digits, digits:TRAIN:TEST, or a folder such as ./data"
    ),
  ]

  static let axes: [FaultyFile] = [
    FaultyFile(
      grid: a + "  seed: 9..0\n", "x.yaml:4: seed: 9..0 runs backwards: write 0..9"),
    FaultyFile(
      grid: a + "  seed: 0..4294967296\n",
      "x.yaml:4: seed: 0..4294967296 is not accepted: it must be a whole number from 0 to 4294967295 or a range such as 0..19"
    ),
    FaultyFile(
      grid: a + "  seed: -1\n",
      "x.yaml:4: seed: -1 is not accepted: it must be a whole number from 0 to 4294967295 or a range such as 0..19"
    ),
    FaultyFile(
      grid: a + "  seed:\n    - 0..9\n    - 5\n",
      "x.yaml:6: seed: seed 5 stands twice in the list"),
    FaultyFile(
      grid: a + "  seed:\n    - 0..9\n    - 20..4000000000\n",
      "x.yaml:6: seed: more than 10000 seeds in a list with gaps: give one range, such as 0..99999"
    ),
    FaultyFile(
      grid: a + "  seed: []\n",
      "x.yaml:4: seed: the axis is empty: it must have at least one value"),
    FaultyFile(
      grid: a + s + "  epochs:\n",
      "x.yaml:5: epochs: the axis is empty: it must have at least one value"),
    FaultyFile(
      grid: a + s + "  learning_rate:\n    - 0.1\n    - 1e-1\n",
      "x.yaml:7: learning_rate: 0.1 stands twice in the list"),
    FaultyFile(
      grid: s + "  architecture:\n    - 784-256-2\n    - 784-256-0\n",
      "x.yaml:6: architecture: 784-256-0 is not accepted: it must be the pixels of an image, then 1 to 16 hidden widths up to 16384, then the latent dimension, each 1 or more, joined by '-', as in 784-256-32-8-4"
    ),
    FaultyFile(
      grid: s + "  hidden: [256, 32]\n  latent_dim: 2\n",
      "x.yaml:4: hidden: [256, 32] may be one net or several: write [[256, 32]] for the layers of one, [[256], [32]] for nets of one layer each"
    ),
    FaultyFile(
      grid: s + "  hidden: [[256, 0]]\n  latent_dim: 2\n",
      "x.yaml:4: hidden: 256-0 is not accepted: it must be 1 to 16 layer widths, each from 1 to 16384"
    ),
    FaultyFile(
      grid: s + "  hidden: [[256]]\n  latent_dim: [2, x]\n",
      "x.yaml:5: latent_dim: x is not accepted: it must be a whole number from 1 to 4096"),
    FaultyFile(
      grid: s + "  hidden: [[256]]\n",
      "x.yaml:2: grid: has hidden but no latent_dim: give architecture, or both hidden and latent_dim"
    ),
    FaultyFile(
      grid: s,
      "x.yaml:2: grid: has no architecture: give architecture, or both hidden and latent_dim"),
    FaultyFile(
      grid: a,
      "x.yaml:2: grid: has no seed: give seed, as in seed: 0..19, or init_seed, order_seed and noise_seed"
    ),
    FaultyFile(
      grid: a + s + "  latent_dim: 2\n",
      "x.yaml:5: latent_dim: an axis beside architecture is not accepted: it must be left out: an architecture names its hidden layers and latents itself"
    ),
    FaultyFile(
      after: "exclude: {seed: 2}\n",
      "x.yaml:5: exclude: a mapping is not accepted: it must be a list of mappings, as in - {architecture: 784-256-2, sampling: false}"
    ),
    FaultyFile(
      after: "exclude:\n  - {}\n",
      "x.yaml:6: exclude: an empty exclusion: name at least one value"),
    FaultyFile(
      after: "exclude:\n  - {architecture: 784-256-2}\n",
      "x.yaml:5: exclude: leaves no point of the grid"),
  ]

  static let texts: [FaultyFile] = [
    FaultyFile("", "x.yaml: the file is empty: it must hold name: and grid:"),
    FaultyFile("# nothing\n", "x.yaml: the file is empty: it must hold name: and grid:"),
    FaultyFile("---\n", "x.yaml:2: the file is empty: it must hold name: and grid:"),
    FaultyFile(
      "- 1\n", "x.yaml:1: the file: [1] is not accepted: it must be a mapping of keys to values"),
    FaultyFile(
      "grid: {}\n",
      "x.yaml:1: name: is missing: give the sweep one, as in name: two-latents"),
    FaultyFile(
      "name: x\n",
      "x.yaml:1: grid: is missing: it lists the architectures and seeds to train"),
    FaultyFile(
      "name: x\ngrid: [1, 2\n",
      "x.yaml:3: not readable as YAML: did not find expected ',' or ']' (while parsing a flow sequence on line 2)"
    ),
    FaultyFile(
      "name: x\n\tgrid: 1\n",
      "x.yaml:2: not readable as YAML: found a tab character that violates indentation (while scanning a plain scalar on line 1)"
    ),
    FaultyFile("name: *a\n", "x.yaml:1: not readable as YAML: found undefined alias"),
    FaultyFile(
      "name: x\n---\nname: y\n", "x.yaml:2: a second document (---): a sweep file holds one"),
    FaultyFile(
      "name: x\n\u{1}\n",
      "x.yaml:2: not readable as YAML: control characters are not allowed"),
    FaultyFile(
      // Ten to the sixth: as many nodes as nobody writes.
      "x-0: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + zip("abcde", "bcdef").map { old, new in
          "x-\(new): &\(new) [" + Array(repeating: "*\(old)", count: 10).joined(separator: ", ")
            + "]\n"
        }.joined() + "name: x\n",
      "x.yaml:1: with its aliases (*name) followed the file has more than 200000 values, which is the most that is accepted: use fewer of them"
    ),
    FaultyFile(
      // The parser would look through all of it to compare the keys.
      "x-0: &a [1, 1]\n"
        + zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz").map {
          "x-\($1): &\($1) [*\($0), *\($0)]\n"
        }.joined() + "x-k: {[*z]: 1}\n",
      "x.yaml:27: this may be an alias, a list or a mapping in the place of a key, which a file with more than 16 aliases (*name) cannot have: write the key out"
    ),
    FaultyFile(
      "x-0: &a [1, 1]\n"
        + zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz").map {
          "x-\($1): &\($1) [*\($0), *\($0)]\n"
        }.joined() + "? *z\n: 1\n",
      "x.yaml:27: this may be an alias, a list or a mapping in the place of a key, which a file with more than 16 aliases (*name) cannot have: write the key out"
    ),
    FaultyFile(
      "name: x\nx-a: " + String(repeating: "[", count: 150) + String(repeating: "]", count: 150)
        + "\n", "x.yaml:2: nested too deeply: at most 100 levels are accepted"),
    FaultyFile(
      "name: x\nx-a: " + String(repeating: "[", count: 20_000)
        + String(repeating: "]", count: 20_000) + "\n",
      "x.yaml:2: nested too deeply: at most 100 levels are accepted"),
  ]

  @Test("about its keys", arguments: keys) func keysFaults(file: FaultyFile) { check(file) }
  @Test("about its values", arguments: values) func valuesFaults(file: FaultyFile) { check(file) }
  @Test("about its axes", arguments: axes) func axesFaults(file: FaultyFile) { check(file) }
  @Test("about its text", arguments: texts) func textsFaults(file: FaultyFile) { check(file) }

  private func check(_ file: FaultyFile) {
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(yaml: file.yaml, file: "x.yaml")
    }
    #expect(error?.description == file.line)
  }

  @Test(
    "when it cannot be read",
    arguments: [
      ("/nowhere/x.yaml", "/nowhere/x.yaml: cannot be read: No such file or directory"),
      ("/tmp", "/tmp: cannot be read: Is a directory"),
      ("/dev/zero", "/dev/zero: larger than 1 MiB: this is no sweep file"),
    ])
  func unreadable(path: String, line: String) {
    let error = #expect(throws: SweepFileError.self) { try SweepFile.load(path: path) }
    #expect(error?.description == line)
  }

  @Test("when it is not UTF-8")
  func notUTF8() {
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(bytes: Array("name: x\ngrid: ".utf8) + [0xff, 10], file: "x.yaml")
    }
    #expect(error?.description == "x.yaml:2: not UTF-8 text: save the file as UTF-8")
  }
}
