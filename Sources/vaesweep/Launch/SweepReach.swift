import Sweep
import SweepFile
import VAE

/// What a sweep file asks of points that they do not have: said before anything is trained, and refused
/// where no point is left.
struct SweepReach {
  private let contents: SweepFile.Contents
  /// Names the file where a fault has no line of it.
  private let file: String
  private let trainCount: Int

  private var grid: Grid { contents.definition.grid }

  init(_ contents: SweepFile.Contents, file: String, trainCount: Int) {
    self.contents = contents
    self.file = file
    self.trainCount = trainCount
  }

  func check() throws(CommandError) {
    try checkLimits()
    try checkReach()
    checkCycles()
  }

  /// Points that ask for more training images than there are fail each by its own fault.
  private func checkLimits() throws(CommandError) {
    let limits = grid.limits
    let wrong = limits.compactMap(\.self).filter { $0 > trainCount }
    guard let first = wrong.first else { return }
    let place = contents.place(of: .limit, .int(first)) ?? file
    let text =
      "limit: \(first) is not accepted: it must be at most \(trainCount), the training images of the "
      + "dataset"
    guard wrong.count < limits.count else { throw .badInput("\(place): \(text)") }
    Console.say("\(place): warning: \(text); its points will fail")
  }

  /// Those whose `perturb` or `schedule` is not to be had fail likewise.
  private func checkReach() throws(CommandError) {
    guard grid.values(of: .perturb) != [.null] || mayHaveWrongSchedule else { return }
    var first: (place: String, fault: InvalidValue)?
    var isAnyRight = false
    grid.forEachConfiguration { planned in
      do throws(InvalidValue) {
        try planned.configuration.requireInReach()
        isAnyRight = true
      } catch {
        first = first ?? (place(of: error.key, of: planned.configuration), error)
      }
      return first == nil || !isAnyRight
    }
    guard let first else { return }
    guard isAnyRight else { throw .badInput("\(first.place): \(first.fault)") }
    Console.say("\(first.place): warning: \(first.fault); its points will fail")
  }

  /// Whether some schedule does not go with some learning rate: by the axes, before all configurations
  /// are gone through for it.
  private var mayHaveWrongSchedule: Bool {
    guard let net = try? Architecture(hidden: [1], latentDim: 1) else { return true }
    return grid.values(of: .schedule).subtracting([.null]).contains { schedule in
      grid.values(of: .learningRate).contains { rate in
        do throws(InvalidValue) {
          try Configuration(
            architecture: net, [.schedule: schedule, .learningRate: rate], from: .record
          ).requireInReach()
          return false
        } catch {
          return true
        }
      }
    }
  }

  /// Of each `kl_cycles`, what it comes to where the steps of the longest run are too few for it.
  private func checkCycles() {
    guard grid.values(of: .klWeight) != [.double(0)] else { return }
    func numbers(_ key: TrainKey) -> [Int] {
      grid.values(of: key).map { if case .int(let number) = $0 { number } else { trainCount } }
    }
    let images = min(numbers(.limit).max() ?? trainCount, trainCount)
    let batch = max(1, numbers(.batchSize).min() ?? 1)
    let steps = grid.longestRun * ((images + batch - 1) / batch)
    let key = TrainKey.klCycles
    for cycles in numbers(key).sorted() {
      guard let words = KLSchedule.cutShort(cycles: cycles, steps: steps) else { continue }
      let place = contents.place(of: key, .int(cycles)) ?? file
      Console.say("\(place): warning: \(key.rawValue): \(cycles) \(words)")
    }
  }

  /// Where the value of a key stands that a configuration has.
  private func place(of name: String, of configuration: Configuration) -> String {
    guard let key = TrainKey(rawValue: name), let value = configuration[key] else { return file }
    return contents.place(of: key, value, inBlock: grid.block(of: configuration)) ?? file
  }
}
