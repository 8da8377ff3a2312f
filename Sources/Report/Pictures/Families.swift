import Sweep
import Tables
import VAE

/// Configurations whose pictures stand side by side: as many latents, and every train key but
/// sampling the same.
struct Family {
  let latentDim: Int
  /// What tells it apart from other families with as many latents; empty where nothing has to.
  let name: String
  let configurations: [Configuration]

  /// The architectures in their order, each with its modes: sampled first.
  var architectures: [(architecture: Architecture, modes: [Configuration])] {
    var order: [Architecture] = []
    for configuration in configurations where !order.contains(configuration.architecture) {
      order.append(configuration.architecture)
    }
    return order.map { architecture in
      let modes = configurations.filter { $0.architecture == architecture }
      return (architecture, modes.filter(\.sampling) + modes.filter { !$0.sampling })
    }
  }

  static func families(_ configurations: [Configuration]) -> [Family] {
    var groups: [(latentDim: Int, keys: [String], members: [Configuration])] = []
    let shared = TrainKey.allCases.filter { $0 != .sampling }
    for configuration in configurations {
      let latentDim = configuration.architecture.latentDim
      let keys = shared.map { configuration[$0]?.description ?? "" }
      if let place = groups.firstIndex(where: { $0.latentDim == latentDim && $0.keys == keys }) {
        groups[place].members.append(configuration)
      } else {
        groups.append((latentDim, keys, [configuration]))
      }
    }
    return groups.map { group in
      let name = group.members[0].keys(apartFrom: configurations).filter { $0.key != .sampling }
        .map { "\($0.key.rawValue) \($0.value.short)" }
      return Family(
        latentDim: group.latentDim, name: name.joined(separator: ", "),
        configurations: group.members)
    }
  }
}

/// The names of configurations in captions and in file names.
struct ConfigurationNames {
  private var names: [Configuration: String] = [:]
  private var files: [Configuration: String] = [:]

  init(_ configurations: [Configuration]) {
    var taken: Set<String> = []
    for (place, configuration) in configurations.enumerated() {
      names[configuration] = Self.words(configuration, among: configurations)
      var file = "\(configuration.architecture)" + (configuration.sampling ? "" : "-no-sampling")
      if !taken.insert(file).inserted {
        file += "-\(place + 1)"
        taken.insert(file)
      }
      files[configuration] = file
    }
  }

  /// `784-256-2 without sampling, learning_rate 0.01`.
  subscript(configuration: Configuration) -> String {
    names[configuration] ?? configuration.architecture.description
  }

  /// For tables that stand elsewhere too.
  var naming: ConfigurationNaming { ConfigurationNaming { self[$0] } }

  /// Safe in the name of a file, and different for each configuration.
  func file(_ configuration: Configuration) -> String {
    files[configuration] ?? configuration.architecture.description
  }

  private static func words(_ configuration: Configuration, among all: [Configuration]) -> String {
    var words = configuration.architecture.description
    if Set(all.map(\.sampling)).count > 1 { words += " \(configuration.mode)" }
    for (key, value) in configuration.keys(apartFrom: all) where key != .sampling {
      words += ", \(key.rawValue) \(value.short)"
    }
    return words
  }
}
