import Platform
package import Study
import Sweep
import VAE

/// Dead units layer by layer, and whether they go with collapse: the rival explanation of a latent that
/// carries nothing.
package struct DeadLayerTable {
  private let rows: [(runs: ConfigurationRuns, layers: [DeadLayer])]
  private let names: ConfigurationNaming

  package init(_ configurations: [ConfigurationRuns], threshold: Double, names: ConfigurationNaming)
  {
    rows = configurations.concurrentMap { ($0, $0.deadLayers(threshold: threshold)) }
    self.names = names
  }

  package var isEmpty: Bool { rows.allSatisfy(\.layers.isEmpty) }

  /// A line for each hidden layer of each configuration.
  package var table: Table {
    var table = Table(
      caption: [
        "hidden units that are zero on the whole test set, per run, and whether runs with more of "
          + "them have more collapsed latents (Spearman's ρ, permutation p of each layer by itself)",
        "where they do, dying units may be why latents collapse; where a whole layer is dead nothing "
          + "of the image passes it",
      ],
      columns: [
        "configuration", "layer", .number("units"), .number("ok"), .number("diverged"),
        .number("failed"), .number("missing"), .number("dead", title: "dead units", decimals: 1),
        .number("rho", title: "ρ with collapse", decimals: 2), Column("p", alignment: .right),
        Column("whole_layer_dead", title: "whole layer dead in"),
      ], empty: "no run has ended well yet")
    for (runs, layers) in rows {
      let counts = runs.counts
      for layer in layers {
        table.append([
          .text(names(runs.configuration)), .text(layer.layer), .integer(layer.width),
          .integer(counts.ok), .integer(counts.diverged), .integer(counts.failed),
          .integer(counts.missing), .number(layer.mean), Cell(layer.correlation?.rho),
          Cell(layer.correlation?.pValue.probability),
          layer.dead.isEmpty ? .empty : .text(Seeds.words(layer.dead)),
        ])
      }
    }
    return table
  }

  /// Of each configuration, a list of its layers.
  var json: [JSONValue] {
    rows.map { row in
      .array(
        row.layers.map { layer in
          [
            "layer": .string(layer.layer), "units": .int(layer.width),
            "mean": JSONValue(layer.mean), "spearman_rho": JSONValue(layer.correlation?.rho),
            "p": JSONValue(layer.correlation?.pValue),
            "whole_layer_dead": .array(layer.dead.map { .object($0.members) }),
          ]
        })
    }
  }

  /// What to say beside figures of collapse: which runs have a whole layer dead; nil where none has.
  package var words: String? {
    let told = rows.compactMap { row in
      row.runs.deadLayerWords.map { "\(names(row.runs.configuration)): \($0)" }
    }
    guard !told.isEmpty else { return nil }
    return told.joined(separator: "; ")
      + ". Nothing of the image passes a dead layer: its dead units explain as well as the KL term "
      + "does that no latent of such a run carries anything."
  }
}
