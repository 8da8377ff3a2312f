import ResultStore
import StoredStudy
import Study
import Sweep

extension StoredStudy {
  /// Reads a store for a command, and tells on standard error what in it cannot be read.
  ///
  /// - Parameter name: What the user gave as `--sweep`.
  static func read(
    store path: String, only sweep: SweepDefinition? = nil, named name: String? = nil,
    history: HistoryDepth = .lastFive
  ) throws(CommandError) -> StoredStudy {
    let study: StoredStudy
    do throws(StoreError) {
      study = try StoredStudy(
        StoreReader(path: path), only: sweep, named: name, history: history)
    } catch {
      throw .of(error)
    }
    if let name, !study.sweeps.contains(where: { $0.name == name }) {
      let known = Set(study.sweeps.map(\.name)).sorted().joined(separator: ", ")
      throw .badInput("--sweep \(name): \(path) has no sweep of this name (it has: \(known))")
    }
    return read(study)
  }

  /// The same of a store that is open already.
  static func read(
    _ reader: StoreReader, history: HistoryDepth = .lastFive
  ) throws(StoreError) -> StoredStudy {
    read(try StoredStudy(reader, history: history))
  }

  private static func read(_ study: StoredStudy) -> StoredStudy {
    for line in study.leftOut { Console.say(line) }
    return study
  }

  /// The configuration that the argument `text` of `option` names.
  static func choose(
    _ text: String, from configurations: [ConfigurationRuns], option: String
  ) throws(CommandError) -> ConfigurationRuns {
    do {
      return try choose(text, from: configurations)
    } catch {
      throw .badInput("\(option): \(error)")
    }
  }
}
