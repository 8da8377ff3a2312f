import ArgumentParser
import Dataset
import Report
import Sweep
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

  @Option(help: "Such as 784-256-32-8-4.") var architecture = "784-256-32-8-4"
  @Option(help: "Images per step.") var batchSize = 128
  @Option(help: "mnist, fashion-mnist, digits, or a folder with the four IDX files.")
  var dataset = "mnist"
  @Option(help: "About how long to measure.") var seconds = 10.0
  @Option(help: "BLAS core that fixes the arithmetic, or native.")
  var blasCore = TrainerEnvironment.defaultCore
  @OptionGroup var data: DataOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw CommandError.badInput("--seconds \(seconds): it must be above 0, at most 3600")
    }
    let configuration: Configuration
    do {
      configuration = try Configuration(
        architecture: Architecture(parsing: architecture), [.batchSize: .int(batchSize)])
    } catch {
      throw CommandError.badInput(error)
    }
    try ThisProgram.ensure(blasCore: blasCore)
    let prepared = try data.prepare(
      dataset, allowFetch: data.data == nil, verifying: false)
    let benchmark: TrainerBenchmark
    do {
      benchmark = try TrainerBenchmark.run(
        configuration: configuration, dataset: try prepared.open(), seconds: seconds)
    } catch {
      throw CommandError.badInput("\(error)")
    }
    try Output.write(render(benchmark))
  }

  private func render(_ benchmark: TrainerBenchmark) -> String {
    switch output.format {
    case .json: return benchmark.json.pretty + "\n"
    case .csv, .table, .markdown:
      guard case .object(let members) = benchmark.json else { return "" }
      let rows = members.map { [Cell.text($0.name), Cell(json: $0.value)] }
      return Table(columns: ["figure", "value"], rows: rows).render(output.format)
    }
  }
}

extension TrainerBenchmark {
  fileprivate var json: JSONValue {
    [
      "architecture": .string(architecture), "batch_size": .int(batchSize),
      "blas_core": .string(blasCore), "images_per_second": JSONValue(imagesPerSecond),
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
