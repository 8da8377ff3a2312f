import Figures
import Study
import Sweep
import Tables
import VAE

/// The runs of a configuration by itself: by the seed that was varied apart, or in one row.
struct LoneLuckFigure {
  private let luck: LoneLuck
  private let name: String

  init(_ luck: LoneLuck, name: String) {
    self.luck = luck
    self.name = name
  }

  var drawing: Drawing {
    let rows =
      luck.levels.isEmpty
      ? [RunStrips.Row(name: name, sample: luck.sample)]
      : luck.levels.map {
        RunStrips.Row(name: "\($0.factor.rawValue) \($0.seed)", sample: $0.sample)
      }
    return RunStrips(
      rows: rows, measure: luck.metric.axisTitle, decimals: luck.metric.decimals, title: title
    ).drawing
  }

  private var title: String {
    guard let factor = luck.levels.first?.factor else {
      return "Every run as a dot, the mean as a bar: what lies between the dots is luck"
    }
    return
      "Every run as a dot in the row of its \(factor.rawValue), means as bars: as far as rows lie further "
      + "apart than the dots within them, that seed decides"
  }
}
