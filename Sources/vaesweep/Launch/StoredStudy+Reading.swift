import ResultStore
import StoredStudy
import Study
import Sweep

extension StoredStudy {
  /// Reads a store for a command, and tells on standard error what in it cannot be read.
  static func read(
    store path: String, only sweep: SweepDefinition? = nil, history: HistoryDepth = .lastFive
  ) throws(CommandError) -> StoredStudy {
    do throws(StoreError) {
      return read(try StoredStudy(StoreReader(path: path), only: sweep, history: history))
    } catch {
      throw .of(error)
    }
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
