import ArgumentParser
import Dataset
import Sweep
import Tables
import VAE
import Worker

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "The project's own benchmarks.",
    subcommands: [
      BenchTrainerCommand.self, BenchDispatchCommand.self, BenchDispatchCoordinatorCommand.self,
    ])
}

struct BenchTrainerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trainer",
    abstract: "Training steps per second on one core, beside OpenBLAS's and the CPU's limits.")

  @Option(help: "Such as 784-256-32-8-4 (default: PIXELS-256-32-8-4 of the dataset's images).")
  var architecture: String?
  @Option(
    parsing: .unconditional, help: "Images per step.", transform: NumberOption.whole(1...100_000))
  var batchSize = 128
  @Option(help: "mnist, fashion-mnist, digits, or a folder with the four IDX files.")
  var dataset = "mnist"
  @Option(
    parsing: .unconditional, help: "About how long to measure.",
    transform: NumberOption.real("above 0, at most 3600") { $0 > 0 && $0 <= 3600 })
  var seconds = 10.0
  @Option(help: "BLAS core that fixes the arithmetic, or native.")
  var blasCore = TrainerEnvironment.defaultCore
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let asked: Architecture?
    do throws(InvalidValue) {
      asked = try architecture.map { text throws(InvalidValue) in try Architecture(parsing: text) }
    } catch {
      throw CommandError.badInput(error)
    }
    try ThisProgram.ensure(blasCore: blasCore)
    let prepared = try data.prepare(dataset, allowFetch: data.data == nil, verifying: false)
    let configuration: Configuration
    do throws(InvalidValue) {
      let usual = try Architecture(
        input: prepared.shape.pixels, hidden: [256, 32, 8], latentDim: 4)
      if let asked { try prepared.input.require(asked) }
      configuration = try Configuration(
        architecture: asked ?? usual, [.batchSize: .int(batchSize)])
    } catch {
      throw CommandError.badInput(error)
    }
    let benchmark: TrainerBenchmark
    do {
      benchmark = try TrainerBenchmark.run(
        configuration: configuration, dataset: try prepared.open(), seconds: seconds)
    } catch {
      throw CommandError.badInput("\(error)")
    }
    SpeedCache().add([
      MeasuredSpeed(configuration, imagesPerSecond: benchmark.imagesPerSecond)
    ])
    try Output.write(render(benchmark))
  }

  private func render(_ benchmark: TrainerBenchmark) -> String {
    switch output.format {
    case .json: return benchmark.json.pretty + "\n"
    case .csv:
      guard case .object(let members) = benchmark.json else { return "" }
      let rows = members.map { [Cell.text($0.name), Cell(json: $0.value)] }
      return Table(columns: ["figure", "value"], rows: rows).render(.csv)
    case .table, .markdown: return benchmark.table.render(output.format)
    }
  }
}

extension TrainerBenchmark {
  /// Rounded, with units, each figure beside its goal; `json` is exact.
  fileprivate var table: Table {
    var figures = GoalTable()
    figures.add("images trained per second, median of \(repetitions)", imagesPerSecond, 0)
    figures.add("images trained per second, best", bestImagesPerSecond, 0)
    figures.add(
      "images per second of OpenBLAS, dense products alone", gemmFloorImagesPerSecond, 0)
    figures.add("steps in the time of OpenBLAS's dense products", floorRatio, 2, goal: .atLeast(1))
    figures.add("GFLOP/s of the core at its peak", fmaPeakGflops, 0)
    figures.add("% of that peak, as if the step were dense", 100 * denseEquivalentShare, 0)
    figures.add(
      "seconds from the start to the first step", secondsToFirstStep, 2, goal: .atMost(0.15))
    figures.add("MB of memory at most", peakRSSMegabytes, 0, goal: .atMost(150))
    let parts = [
      ("gathering images", breakdown.gather), ("dense products", breakdown.gemm),
      ("sparse products", breakdown.sparse), ("element by element", breakdown.elementwise),
      ("the loss", breakdown.loss), ("the optimiser", breakdown.optimiser),
    ]
    for (name, seconds) in parts { figures.add("µs of a step: \(name)", 1e6 * seconds, 0) }
    var table = figures.table
    table.caption = [
      "\(architecture), \(batchSize) images a step, OpenBLAS \(blasVersion) as \(blasCore), one core of this machine"
    ]
    return table
  }

  fileprivate var json: JSONValue {
    [
      "architecture": .string(architecture), "batch_size": .int(batchSize),
      "blas_core": .string(blasCore), "blas_version": .string(blasVersion),
      "images_per_second": JSONValue(imagesPerSecond),
      "best_images_per_second": JSONValue(bestImagesPerSecond),
      "repetitions": .int(repetitions),
      "gemm_floor_images_per_second": JSONValue(gemmFloorImagesPerSecond),
      "floor_ratio": JSONValue(floorRatio), "fma_peak_gflops": JSONValue(fmaPeakGflops),
      "dense_equivalent_share": JSONValue(denseEquivalentShare),
      "seconds_to_first_step": JSONValue(secondsToFirstStep),
      "peak_rss_mb": JSONValue(peakRSSMegabytes),
      "breakdown": [
        "gather": JSONValue(breakdown.gather), "gemm": JSONValue(breakdown.gemm),
        "sparse": JSONValue(breakdown.sparse), "elementwise": JSONValue(breakdown.elementwise),
        "loss": JSONValue(breakdown.loss), "optimiser": JSONValue(breakdown.optimiser),
      ],
    ]
  }
}
