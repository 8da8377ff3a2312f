import Figures
import Study
import Sweep
import Tables

/// Every rule of the figures that has a number, so that a stranger can compute them again.
enum MethodRules {
  static var list: Markup {
    var list: Markup = "<ul>\n"
    for rule in rules { list += "<li>\(rule)</li>\n" }
    return list + "</ul>\n"
  }

  private static let rules: [Markup] = [
    """
    <b>Test losses</b> with sampling take one draw of z for each test image. The draw depends on the \
    image’s index alone, on no seed: runs differ in what they learnt, not in the noise they are tested with.
    """,
    """
    <b>gain</b> of latent j: the test reconstruction at z = μ with μⱼ replaced by its mean over the test \
    set, less that at z = μ, in nats per image.
    """,
    """
    <b>Collapse</b> is counted twice: Var(μⱼ) over the test set (n − 1) below 0.01 (Burda et al.), and \
    mean KLⱼ below \(collapsedKL) nats. Early in training the first cuts a continuum, the second does \
    not: in the study KL is at most 0.0063 nats where a latent is unused and 0.649 or more where it is used.
    """,
    """
    <b>Units.</b> Runs that share a level of a seed that varies are not independent. In a nested design \
    the unit is the mean over the redraws of each level, in a crossed design there is none, and no \
    interval. At an intraclass correlation of 0.92 and 30 × 5 runs, intervals over single runs held the \
    mean in 63 % of simulated cases instead of 95 %.
    """,
    """
    <b>A rare mode</b> is a number of collapsed latents that 2 to 20 % of the runs have, with no other \
    run within \(Int(VarianceByCollapse.gapOfModes)) standard deviations (within modes) of theirs. Under \
    it t intervals of the mean are not honest: where 2 % of the runs lie 70 deviations off, they held the \
    mean in 34 % of cases at n = 20 and 63 % at n = 50, and no other interval can do better, since in \
    0.98ⁿ of samples the mode is not seen at all.
    """,
    """
    <b>Intervals</b> of a mean cover 80 to 93 % at n = 5 on losses with two modes, so that no whisker is \
    drawn below \(Sample.fewestForInterval) runs; those of a standard deviation need \
    \(Interval.fewestForDeviation) runs, and where modes differ they are optimistic below \
    \(Interval.fewestForModes).
    """,
    """
    <b>Ratio of standard deviations.</b> 99,999 permutations of the values less their side’s mean, and of \
    the values less its median; p is the larger of the two. Where 2 % of the runs of two alike nets lie \
    70 deviations off (n = 50), the first rejects in 45 % of simulated cases at 5 %, the larger of both in 5 %. Against a \
    bound b other than 1 the second side’s values are multiplied by b first, and p is at least that of \
    the jackknife’s t. Fewer than \(SpreadComparison.fewest) runs on a side are called too few.
    """,
    """
    <b>p against a bound that is not zero</b> (margins, claims “below 5”): Student’s t of the estimate \
    less the bound; for shares the score test, for their difference the confidence at which Newcombe’s \
    interval ends at the bound. Within a margin: the larger of the p against either end.
    """,
    """
    <b>P(A below B) where the two do not overlap</b>: p is 2 / C(n + m, n), and the interval Clopper \
    and Pearson’s of min(n, m) disjoint pairs all in one order, from 0.025 to the power 1/min(n, m).
    """,
    """
    <b>Sign flips</b> are counted exactly up to 16 pairs. Of n pairs p cannot go below 2/2ⁿ: with five or \
    fewer no p is given.
    """,
    """
    <b>Replicates</b>: 99,999 for permutations, p = (1 + extreme) / (1 + replicates); 9,999 for every \
    percentile interval; the draws come from SplitMix64, addressed by seed and replicate.
    """,
    """
    <b>Share of seeds</b> at which one of two paired runs is larger: Clopper and Pearson’s interval and the \
    binomial test of the bound, twice the smaller tail; pairs of equal values are left out. It tells a \
    direction, and no size.
    """,
    """
    <b>Looks</b>: each of K looks has an interval at 1 − 0.05/K, which is also the one in the tables; a \
    standard deviation that was stopped on is marked wherever it stands. A share is looked at by Clopper \
    and Pearson’s interval: over 10,000 simulated sweeps it held in 98 % of them or more, where Wilson’s \
    fell to 93.8 %.
    """,
    """
    <b>Share of variance explained</b>: B / (B + W), W the mean of the variances within configurations, B \
    = max(0, variance of their means − mean of sᵢ²/nᵢ). <b>Risk of k runs</b>: how often the smallest of \
    the means of k runs of each, drawn without replacement up to half of the runs and with it beyond, \
    belongs to a configuration whose own mean is not the smallest; counted exactly where no configuration \
    has more than 20,000 subsets, else from 10,000 to 1,000,000 draws. Where one \
    run can turn the choice by m runs, since it lies m times as far from its mean as the best mean from the \
    other, more are tried up to 4m. <b>Expected best of k</b>: \
    Σ x₍ᵢ₎ C(n − i, k − 1) / C(n, k). <b>P(A beats B)</b> has Brunner and Munzel’s interval, on the logit \
    scale where it would leave 0 to 1.
    """,
    """
    <b>Energy distance</b> is the unbiased form: it may be negative. A latent that collapsed is nearest to \
    the prior of all, so that it stands beside the number of collapsed latents.
    """,
    """
    <b>Density</b> has no direction: draws that are all one mean image reach the highest values. Whether \
    a net generates better is told by <code>generation_coverage</code>; claims on a density are \
    exploratory.
    """,
    """
    <b>Incomplete rows</b>: where more than 5 % of the planned runs diverged or failed, no verdict.
    """,
  ]
}
