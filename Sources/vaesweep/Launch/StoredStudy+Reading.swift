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
    let reader: StoreReader
    do throws(StoreError) {
      reader = try StoreReader(path: path)
    } catch {
      throw .of(error)
    }
    return try read(reader, only: sweep, named: name, history: history)
  }

  /// The same of a store that is open already.
  static func read(
    _ reader: StoreReader, only sweep: SweepDefinition? = nil, named name: String? = nil,
    history: HistoryDepth = .lastFive
  ) throws(CommandError) -> StoredStudy {
    let study: StoredStudy
    do throws(StoreError) {
      study = try StoredStudy(reader, only: sweep, named: name, history: history)
    } catch {
      throw .of(error)
    }
    _ = try study.sweeps.named(name, in: reader.path)
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

extension [StoredSweep] {
  /// Those of the name that the user gave as `--sweep`; all of them where none was given.
  ///
  /// - Throws: Bad input where no sweep of the store bears it.
  func named(_ name: String?, in path: String) throws(CommandError) -> [StoredSweep] {
    guard let name else { return self }
    let found = filter { $0.name == name }
    guard found.isEmpty else { return found }
    let known = Set(map(\.name)).sorted().joined(separator: ", ")
    throw .badInput("--sweep \(name): \(path) has no sweep of this name (it has: \(known))")
  }
}
