/// How large the benchmark is.
struct DispatchScale {
  /// Of the grid that is handed out.
  var points = 1_000_000
  /// Outcomes in the store that is recovered.
  var outcomes = 100_000
  /// Workers that connect at once, one slot each.
  var workers = 1000
  /// How long throughput is measured, at each number of slots.
  var seconds = 4.0

  /// Who looks at the coordinator meanwhile, at the largest number of slots.
  var readers = 0

  /// Numbers of slots to measure; nil for all.
  var chosen: Set<Int>?

  /// A fleet's shape for each number of slots; hosts have up to eight, and of the most numerous
  /// each worker has one.
  var shapes: [NoOpFleet.Shape] {
    let all = [
      NoOpFleet.Shape(workers: 1, slotsPerWorker: 1),
      NoOpFleet.Shape(workers: 2, slotsPerWorker: 1),
      NoOpFleet.Shape(workers: 2, slotsPerWorker: 8),
      NoOpFleet.Shape(workers: workers, slotsPerWorker: 1),
    ]
    return all.filter { chosen?.contains($0.slots) ?? true }
  }
}
