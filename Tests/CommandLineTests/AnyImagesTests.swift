import Foundation
import TestSupport
import Testing

/// Images of 14 × 10 pixels and three classes.
@Suite("Images of any size, from the folder to the report")
struct AnyImagesTests {
  private let program: Program

  init() throws {
    program = try Program()
    try program.writeImages("small", rows: 14, columns: 10, classes: 0...2, train: 60, test: 30)
  }

  private func writeSweep(
    _ name: String = "own", dataset: String = "./small", grid: String, extra: String = ""
  ) throws -> String {
    let text = """
      name: \(name)
      dataset: \(dataset)
      pictures: {kinds: all}
      grid: {\(grid), seed: 0..1}
      train: {epochs: 2, batch_size: 20}
      \(extra)
      """
    return try program.folder.write(Array(text.utf8), to: "\(name).yaml")
  }

  private static let named = "architecture: [140-16-2, 140-16-3, 140-16-8-4, 140-16-6]"
  private static let halves = "hidden: [16], latent_dim: [2, 3]"

  @Test("A sweep over nets of two, three, four and six latents runs, reports and exports")
  func sweep() throws {
    let run = try program.run(
      "run", try writeSweep(grid: Self.named), "--workers", "2", "--report", "out")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("140-16-8-4"))
    let names = program.folder.names(in: "out")
    for name in [
      "codes-140-16-2.svg", "samples-140-16-2.png", "cloud-140-16-3.svg", "samples-140-16-3.png",
      "samples-140-16-8-4.png", "samples-140-16-6.png", "trajectories-digits-140-16-2.gif",
      "reconstructions.png",
    ] {
      #expect(names.contains(name), "\(name)")
    }
    // Fifteen images to a side; two of each class above those of four nets.
    #expect(try size(ofPNG: "out/samples-140-16-2.png") == [150, 210])
    #expect(try size(ofPNG: "out/reconstructions.png") == [60, 5 * 18 - 4])
    let page = try String(contentsOfFile: program.folder["out/index.html"], encoding: .utf8)
    #expect(!page.contains("each digit") && !page.contains("by digit"))
    #expect(page.contains("coloured by class"))
    #expect(page.contains("data-legend=\"0 1 2\""))
    let export = try program.run("export", "own.sqlite", "--format", "csv")
    #expect(export.output.contains("140-16-8-4"))
    // A point of the store is trained again to the same bits, here and by its own command.
    let outcomes = try program.results("own.sqlite")
    let key = try #require(outcomes.keys.sorted().first)
    let again = try program.run("train", "--key", key, "--store", "own.sqlite")
    #expect(again.status == 0, "\(again.errors)")
    let audit = try program.run("audit", "own.sqlite", "--sample", "100%")
    #expect(audit.status == 0, "\(audit.errors)")
  }

  private func size(ofPNG path: String) throws -> [Int] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: program.folder[path])))
    return [16, 20].map { place in
      bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  @Test("The input follows the folder where hidden layers and latents are given")
  func halves() throws {
    let claim = """
      claims:
        - {id: 1, claim: more latents help, test: mean_difference, metric: test_total,
           a: 140-16-2, b: 140-16-3, expect: {above: 0}}
      """
    let sweep = try writeSweep(grid: Self.halves, extra: claim)
    let plan = try program.run("plan", sweep)
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("140-16-2") && plan.output.contains("140-16-3"))
    let run = try program.run("run", sweep)
    #expect(run.status == 0, "\(run.errors)")
    // The store says it without the folder, also before any outcome.
    try program.folder.write(Array("gone".utf8), to: "small/train-images-idx3-ubyte")
    for arguments in [
      ["summary", "own.sqlite"], ["claims", "own.sqlite"],
      ["claims", "own.sqlite", "--sweep", sweep], ["report", "own.sqlite", "--out", "out"],
      ["compare", "own.sqlite", "140-16-2", "140-16-3"], ["status", "--store", "own.sqlite"],
    ] {
      let command = try program.run(arguments)
      #expect(command.status == 0, "\(arguments): \(command.errors)")
      #expect(!(command.output + command.errors).contains("784"), "\(arguments): \(command.output)")
    }
    let summary = try program.run("summary", "own.sqlite", "--format", "csv")
    #expect(summary.output.contains("140-16-2,") && summary.output.contains("140-16-3,"))
  }

  @Test("A worker that lacks the folder gets the images from its coordinator")
  func coordinator() throws {
    let sweep = try writeSweep(grid: Self.halves)
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "far.sqlite", "--bind", "tcp://127.0.0.1:*")
    var elsewhere = program
    elsewhere.environment["XDG_CACHE_HOME"] = program.folder["elsewhere"]
    let worker = try elsewhere.start(
      "worker", "--connect", try program.endpoint(of: coordinator), "--slots", "2")
    #expect(try coordinator.waitForEnd() == 0, "\(coordinator.errors)")
    #expect(try worker.waitForEnd() == 0, "\(worker.errors)")
    #expect(try program.run("run", sweep).status == 0)
    #expect(try program.results("far.sqlite") == program.results("own.sqlite"))
    #expect(try StoreProbe.count("artifacts", in: program.folder["far.sqlite"]) == 2 * (4 + 3))
  }

  @Test("An architecture that does not fit is refused in one line, with its place in a file")
  func refused() throws {
    let sweep = try writeSweep(grid: "architecture: [140-16-2, 784-16-2]")
    let reason =
      "architecture: 784-16-2 is not accepted: it must be one that begins with 140, the pixels of "
      + "the 14 × 10 images of "
    for command in ["plan", "run"] {
      let ended = try program.run(command, sweep)
      #expect(ended.status == 2)
      let folder = program.folder["small"]
      #expect(ended.errors == "vaesweep: \(sweep):4: \(reason)\(folder)\n", "\(ended.errors)")
    }
    let coordinator = try program.run(
      "coordinator", sweep, "--store", "own.sqlite", "--bind", "tcp://127.0.0.1:*")
    #expect(coordinator.status == 2 && coordinator.errors.hasPrefix("vaesweep: \(sweep):4: "))
    #expect(!program.folder.names(in: ".").contains("own.sqlite"))
    for arguments in [
      ["train", "--architecture", "784-16-2", "--seed", "0", "--dataset", "./small"],
      ["bench", "trainer", "--architecture", "784-16-2", "--dataset", "./small"],
    ] {
      let ended = try program.run(arguments)
      #expect(ended.status == 2)
      #expect(ended.errors == "vaesweep: \(reason)./small\n", "\(ended.errors)")
    }
    // And the other way round, with the dataset from the command line.
    let other = try writeSweep("other", grid: "architecture: 140-16-2")
    let ended = try program.run("plan", other, "--dataset", "digits:60:30")
    #expect(ended.status == 2)
    #expect(ended.errors.hasPrefix("vaesweep: \(other):4: architecture: 140-16-2"))
    #expect(ended.errors.contains("the pixels of the 28 × 28 images of digits:60:30"))
  }

  @Test("One point is trained, and its dataset shown, without a sweep")
  func train() throws {
    let info = try program.run("data", "info", "./small", "--format", "csv")
    #expect(info.output.contains(",14,10,3,60,30,"), "\(info.output)")
    let train = try program.run(
      "train", "--architecture", "140-16-2", "--seed", "0", "--dataset", "./small", "--epochs",
      "1", "--pictures", "kept", "--format", "json")
    #expect(train.status == 0, "\(train.errors)")
    #expect(train.output.contains("\"architecture\": \"140-16-2\""))
    #expect(program.folder.names(in: "kept").count == 4)
    let bench = try program.run(
      "bench", "trainer", "--dataset", "./small", "--seconds", "0.1", "--batch-size", "20")
    #expect(bench.status == 0, "\(bench.errors)")
    #expect(bench.output.contains("140-256-32-8-4"))
  }
}
