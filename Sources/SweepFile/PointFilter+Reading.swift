package import Sweep
import VAE

extension PointFilter {
  /// Reads what a command names points by: `latent_dim=4`, `seed=0..9`, `optimizer=[adam, sgd]`, one text
  /// for each key; a value is written as in a sweep file.
  package init(parsing texts: [String]) throws(SweepFileError) {
    do throws(Fault) {
      var entries: [Entry] = []
      for text in texts {
        let entry = try Self.entry(text)
        guard !entries.contains(where: { $0.name == entry.name }) else {
          throw entry.fault("given twice: give it once, with a list of values")
        }
        entries.append(entry)
      }
      let known = Set(GridKey.allInOrder)
      let terms = try MatchReader.match(
        entries, under: "--where", known: known, Self.input(of: entries))
      self.init(texts: texts, match: GridMatch(terms.map(\.term)))
    } catch {
      throw error.error(in: "--where")
    }
  }

  /// What the architectures begin with: as the first of them does.
  private static func input(of entries: [Entry]) -> ArchitectureInput {
    for entry in entries where entry.name == GridKey.architecture.description {
      for item in entry.node.listOrOne {
        // One that cannot be read is told of where it is read.
        guard let text = item.text, let first = try? Architecture(parsing: text) else { continue }
        return ArchitectureInput(pixels: first.input, source: "as \(first) does")
      }
    }
    return ArchitectureInput(pixels: Architecture.usualInput, source: "as where nothing is said")
  }

  private static func entry(_ text: String) throws(Fault) -> Entry {
    let place = Place(source: "--where \(text.quotable)", line: nil)
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
      throw Fault(place, "must be KEY=VALUE, as in latent_dim=4 or seed=0..9")
    }
    let value: Node
    do throws(Fault) {
      value = try YAMLText.compose(String(sides[1]), source: place.source) ?? .null(place)
    } catch {
      throw Fault(place, error.message)
    }
    return Entry(name: String(sides[0]), place: place, node: SweepOverride.bare(value))
  }
}
