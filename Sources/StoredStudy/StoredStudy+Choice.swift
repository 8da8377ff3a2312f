package import Study
import Sweep
package import VAE

extension StoredStudy {
  /// The configuration that `text` names, with its runs.
  ///
  /// A name that fits several configurations means the one at the defaults; where that one has no run
  /// and others of the name do, as after the sweep file was edited, nothing is guessed.
  package static func choose(
    _ text: String, from configurations: [ConfigurationRuns]
  ) throws(InvalidValue) -> ConfigurationRuns {
    let selection = try ConfigurationSelection(parsing: text)
    let chosen = try selection.choose(from: configurations.map(\.configuration))
    guard let runs = configurations.first(where: { $0.configuration == chosen }) else {
      throw InvalidValue(key: "configuration", value: text, expected: "one that the store has")
    }
    guard runs.counts.ok == 0 else { return runs }
    let named = configurations.filter { selection.matches($0.configuration) }
    let others = named.filter { $0.counts.ok > 0 }
    guard !others.isEmpty else { return runs }
    let names = named.map(\.configuration)
    let told = others.prefix(20).map {
      "\($0.configuration.told(apartFrom: names)) (\($0.counts.ok.of("run")))"
    }
    throw InvalidValue(
      key: "configuration", value: text,
      expected: "one with runs, and \(chosen.told(apartFrom: names)) has none; give one of this "
        + "name that has: " + told.joined(separator: "; ") + (others.count > 20 ? "; …" : ""))
  }
}
