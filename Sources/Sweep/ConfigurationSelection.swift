package import VAE

/// A configuration as a user names it: `784-256-32-8-4` or `784-256-32-8-4,sampling=false`.
///
/// Keys that are left out are at their defaults where several configurations would do.
package struct ConfigurationSelection: Hashable, Sendable {
  private let text: String
  private let architecture: Architecture
  private let values: [(key: TrainKey, value: ParameterValue)]

  /// Reads an architecture and `key=value` pairs, joined by commas.
  package init(parsing text: String) throws(InvalidValue) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.trimmingPrefix(while: \.isWhitespace))
    }
    self.text = text
    architecture = try Architecture(parsing: parts.first ?? "")
    var values: [(key: TrainKey, value: ParameterValue)] = []
    for part in parts.dropFirst() {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, let key = TrainKey(rawValue: String(sides[0])), !sides[1].isEmpty,
        !values.contains(where: { $0.key == key })
      else {
        throw InvalidValue(
          key: "configuration", value: text,
          expected: "an architecture, then key=value pairs with different keys of "
            + TrainKey.allCases.map(\.rawValue).joined(separator: ", ")
            + ", joined by commas, as in 784-256-32-8-4,sampling=false")
      }
      do throws(InvalidValue) {
        // In the one form that equal values share: 1e-3 is 0.001, and 0.50@1 is 0.5@1.
        let value = try key.checked(key.value(reading: String(sides[1])), from: .record)
        values.append((key: key, value: value))
      } catch {
        throw InvalidValue(
          key: "configuration", value: text,
          expected: "one whose \(key.rawValue) is \(error.expected)")
      }
    }
    self.values = values
  }

  /// The one among `candidates`, which `place` has, that is meant.
  package func choose(
    from candidates: [Configuration], of place: String = "the store"
  ) throws(InvalidValue) -> Configuration {
    let matching = candidates.filter(matches)
    if matching.count == 1 { return matching[0] }
    guard let first = matching.first else {
      let known = candidates.prefix(20).map { $0.told(apartFrom: candidates) }
      throw InvalidValue(
        key: "configuration", value: text,
        expected: "one that \(place) has: "
          + (known.isEmpty ? "it has none" : known.joined(separator: "; "))
          + (candidates.count > 20 ? "; …" : ""))
    }
    let open = TrainKey.allCases.filter { key in
      matching.contains { $0[key] != first[key] }
    }
    let usual = matching.filter { configuration in
      open.allSatisfy { key in
        values.contains { $0.key == key } || configuration[key] == configuration.defaults[key]
      }
    }
    guard usual.count == 1 else {
      throw InvalidValue(
        key: "configuration", value: text,
        expected: "one configuration, and \(matching.count) have this name; add "
          + open.map { "\($0.rawValue)=…" }.joined(separator: " or ") + ": "
          + matching.prefix(20).map { $0.told(apartFrom: matching) }.joined(separator: "; "))
    }
    return usual[0]
  }

  /// Whether a configuration has this architecture and the values that are named.
  package func matches(_ configuration: Configuration) -> Bool {
    configuration.architecture == architecture
      && values.allSatisfy { configuration[$0.key] == $0.value }
  }

  package static func == (left: Self, right: Self) -> Bool { left.text == right.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Configuration {
  /// The same architecture and optimiser with everything else at its default.
  package var defaults: Configuration {
    // Defaults of an architecture and optimiser that stand already: it cannot fail.
    (try? Configuration(architecture: architecture, [.optimizer: .string(optimizer.name)]))
      ?? self
  }

  /// The keys that tell it apart from `others` of its architecture: those that vary among them, but for
  /// those that change nothing here.
  package func keys(apartFrom others: [Configuration]) -> [(key: TrainKey, value: ParameterValue)] {
    TrainKey.allCases.compactMap { key in
      guard let value = self[key],
        // Where it applies to some optimisers alone, these are told by their names.
        others.contains(where: { $0[key].map { $0 != value } ?? (value != key.defaultValue) }),
        !key.isSilentAtDefault || value != key.defaultValue
      else { return nil }
      return (key, value)
    }
  }

  /// The shortest name, in the form a user may give, that tells it apart from `others`: its
  /// architecture and the keys that do.
  package func told(apartFrom others: [Configuration]) -> String {
    let named = keys(apartFrom: others).map { "\($0.key.rawValue)=\($0.value.short)" }
    return ([architecture.description] + named).joined(separator: ",")
  }

  /// The same for a sentence: `784-256-2 without sampling`; sampling goes without saying.
  package func inWords(apartFrom others: [Configuration]) -> String {
    let name = told(apartFrom: others.filter { $0.sampling == sampling })
    return sampling ? name : "\(name) without sampling"
  }
}

extension ParameterValue {
  /// As short as a user writes it: `2` and `1e-8`, not `2.0` and `1e-08`.
  package var short: String {
    if case .double(let value) = self { JSONValue.number(value).compact } else { description }
  }
}
