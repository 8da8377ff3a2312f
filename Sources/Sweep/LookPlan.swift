/// `looks:` of a sweep file: how many seeds are enough, judged at steps that are fixed beforehand.
package struct LookPlan: Hashable, Sendable {
  /// What must become narrow.
  package enum Aim: Hashable, Sendable {
    /// Half the width of the mean's interval, in the metric's unit.
    case meanHalfWidth(Double)
    /// Half the width of the standard deviation's interval, as a multiple of the deviation.
    case deviationHalfWidth(Double)
    /// Half the width of the interval of the share of runs in which any latent collapsed.
    case collapseHalfWidth(Double)
  }

  package let metric: Metric
  package let aim: Aim
  /// Seeds at each look, ascending.
  package let at: [Int]

  package init(metric: Metric, aim: Aim, at: [Int]) {
    self.metric = metric
    self.aim = aim
    self.at = at
  }
}
