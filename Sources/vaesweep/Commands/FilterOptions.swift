import ArgumentParser
import StoredStudy
import Sweep
import SweepFile

/// `--where KEY=VALUE`, as often as wanted.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      """
      Only points with this value, as a sweep file writes it: latent_dim=4, seed=0..9, \
      optimizer=[adam, sgd]; several hold together.
      """, valueName: "KEY=VALUE"))
  var filter: [String] = []

  /// The texts, which are known to be understood.
  func texts() throws(CommandError) -> [String] { try read().texts }

  /// Which points a command is about; nil for all.
  func points() throws(CommandError) -> PointFilter? { filter.isEmpty ? nil : try read() }

  private func read() throws(CommandError) -> PointFilter {
    do throws(SweepFileError) {
      return try PointFilter(parsing: filter)
    } catch {
      throw .badInput("\(error)")
    }
  }
}

/// Which runs of a store a command is about.
struct RunChoice: ParsableArguments {
  @OptionGroup var named: SweepChoice
  @OptionGroup var filter: FilterOptions

  /// Of the store's sweeps the one of this name alone.
  var sweep: String? { named.sweep }

  /// Reads them, and tells on standard error how many there are where it is a part.
  func study(of store: String) throws(CommandError) -> StoredStudy {
    try StoredStudy.read(store: store, named: sweep).part(try filter.points())
  }
}
