import Study
import Sweep
package import VAE

/// What a table calls a configuration.
package struct ConfigurationNaming {
  private let name: (Configuration) -> String

  package init(_ name: @escaping (Configuration) -> String) { self.name = name }

  /// In the form a user may give, telling each of `all` from the others.
  package static func telling(_ all: [Configuration]) -> Self {
    // Once for each, not once for every line of a long table.
    let told = Dictionary(
      all.map { ($0, $0.told(apartFrom: all)) }, uniquingKeysWith: { first, _ in first })
    return Self { told[$0] ?? $0.told(apartFrom: all) }
  }

  package func callAsFunction(_ configuration: Configuration) -> String { name(configuration) }
}

extension [String] {
  /// `a; b`, of many the first and how many more: a name may have commas.
  var listed: String {
    let most = 8
    return prefix(most).joined(separator: "; ") + (count > most ? "; and \(count - most) more" : "")
  }
}
