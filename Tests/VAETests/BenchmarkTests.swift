import Testing
import VAE

@Suite(.serialized)
struct BenchmarkTests {
  @Test("the parts of a step sum to the step", arguments: [5, 1])
  func breakdown(density: Int) throws {
    let configuration = try Configuration(
      architecture: Architecture(parsing: "784-64-8-3"), [.batchSize: .int(64)])
    let benchmark = try TrainerBenchmark.run(
      configuration: configuration, dataset: SyntheticImages.dataset(density: density),
      seconds: 0.7)
    let parts = benchmark.breakdown
    let isSparse = parts.sparse > 0
    #expect(isSparse == (density == 5))
    for part in [parts.gather, parts.gemm, parts.elementwise, parts.loss, parts.optimiser] {
      #expect(part > 0)
    }
    let sum =
      parts.gather + parts.gemm + parts.sparse + parts.elementwise + parts.loss + parts.optimiser
    let step = 64 / benchmark.imagesPerSecond
    // Far apart only if a part is missing or counted twice; a busy machine may well double one.
    #expect(sum > step / 3 && sum < step * 3)
    #expect(benchmark.fmaPeakGflops > 0 && benchmark.floorRatio > 0)
  }
}
