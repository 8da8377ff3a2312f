import ResultStore
import StoredStudy
import Study
import Sweep
import SweepFile

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

  /// The points that a user asked for with `--where`, told on standard error; all where there is no filter.
  ///
  /// - Throws: Bad input where no sweep asks for such points, and none has an outcome.
  func part(_ filter: PointFilter?) throws(CommandError) -> StoredStudy {
    guard let filter else { return self }
    let part = only(filter)
    let words = filter.texts.joined(separator: ", ")
    guard !part.planned.isEmpty || !part.outcomes.isEmpty else {
      let names = Set(definitions.map(\.name)).sorted().joined(separator: ", ")
      throw .badInput("--where: \(path) needs no point that has \(words) (sweep \(names))")
    }
    // A slip in one of several values would go unseen.
    let absent = definitions.map { Set(filter.unmatched(in: $0.grid)) }
    for value in (absent.first ?? []).sorted() where absent.allSatisfy({ $0.contains(value) }) {
      Console.say("--where: no point of \(path) has \(value)")
    }
    Console.say("only \(words): \(part.outcomes.count) of \(outcomes.count.of("outcome"))")
    return part
  }

  /// The configuration that the argument `text` of `option` names.
  ///
  /// - Parameter configurations: Those of the study, gathered once.
  func choose(
    _ text: String, from configurations: [ConfigurationRuns], option: String
  ) throws(CommandError) -> ConfigurationRuns {
    do {
      return try Self.choose(text, from: configurations)
    } catch {
      let part = filter.map { " and has \($0.texts.joined(separator: ", "))" } ?? ""
      throw .badInput("\(option): \(error)\(part)")
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
