import Platform
import ResultStore
import Sweep
import VAE
import Worker

/// The commands that run one point of a store again.
struct PointCommand {
  let point: Point
  let key: PointKey
  let results: StoredResults

  /// Compares what it gets with the store.
  var fromStore: String {
    "vaesweep train --key \(key.short) --store \(ShellWord.quoted(results.path))"
  }

  /// Needs no store: every train key that is not at its default is an option.
  var standalone: String {
    let configuration = point.configuration
    var words = ["vaesweep train --architecture \(configuration.architecture)"]
    if let seed = point.seeds.shared {
      words.append("--seed \(seed)")
    } else {
      words += point.seeds.members.map { "\(Self.option($0.name)) \($0.value.compact)" }
    }
    for setting in configuration.settings where setting.value != setting.key.defaultValue {
      let option = Self.option(setting.key.rawValue)
      switch setting.value {
      case .bool(true): words.append(option)
      case .bool(false): words.append("--no-\(option.dropFirst(2))")
      case .int, .double, .string: words.append("\(option) \(ShellWord.quoted("\(setting.value)"))")
      case .null: words.append("\(option) none")
      }
    }
    if let dataset = results.sweeps.first?.dataset, dataset != "mnist" {
      words.append("--dataset \(ShellWord.quoted(dataset))")
    }
    if results.terms.blasCore != TrainerEnvironment.defaultCore {
      words.append("--blas-core \(results.terms.blasCore)")
    }
    return words.joined(separator: " ")
  }

  private static func option(_ name: String) -> String { "--" + name.replacing("_", with: "-") }
}
