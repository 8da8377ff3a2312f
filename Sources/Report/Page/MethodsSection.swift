import Figures
import Study
import Sweep
import Tables
import VAE

/// How all of it was made: sweeps, versions, arithmetic, statistics, sources.
struct MethodsSection {
  let contents: ReportContents
  let show: ShownRun
  let version: String

  /// Lines of a sweep file that stands open.
  private static let shortSweep = 40

  var section: Section {
    var section = Section("methods", "Methods")
    section.body += "<dl>\n"
    for (name, value) in facts where !value.isEmpty {
      section.body += "<dt>\(name)</dt><dd>\(value)</dd>\n"
    }
    section.body += "</dl>\n"
    section.paragraph(Self.model)
    section.paragraph(Self.statistics)
    section.body += Page.details("Every rule with its number", MethodRules.list)
    section.paragraph(
      """
      Inference is over seeds, given this split into training and test images: an interval says how \
      far a figure moves when the same net is trained again on the same data from other seeds, and \
      nothing about other data. Coverage and generation measure fit and diversity, not human taste. \
      Pictures show, of the runs that have the data, the one with \(show.words), named beside each.
      """)
    section.body += "<h3>What the measures are</h3>\n\(Glossary.list)"
    for name in contents.sweepNames { section.body += stored(name) }
    section.body += "<h3>Sources</h3>\n<ol class=\"sources\">\n"
    for source in Self.sources { section.body += "<li>\(source)</li>\n" }
    section.body += "</ol>\n"
    return section
  }

  /// The files of one sweep: it is stored again wherever it was edited.
  private func stored(_ name: String) -> Markup {
    let files = contents.sweeps.filter { $0.name == name }.map(\.yaml)
    var texts = Markup()
    for file in files { texts += "<pre tabindex=\"0\">\(file)</pre>\n" }
    let edited = files.count > 1 ? ": \(files.count) files, in the order of their first starts" : ""
    return Page.details(
      "sweep <code>\(name)</code>, as stored\(edited)", texts,
      isOpen: contents.sweeps.count == 1
        && files[0].split(separator: "\n").count <= Self.shortSweep)
  }

  private var facts: [(String, String)] {
    let origins = contents.origins
    func list(_ values: Set<String>) -> String {
      let sorted = values.sorted()
      return sorted.prefix(40).joined(separator: ", ")
        + (sorted.count > 40 ? " and \(sorted.count - 40) more" : "")
    }
    return [
      ("sweeps", contents.sweepNames.joined(separator: ", ")),
      ("dataset", Array(Set(contents.sweeps.map(\.dataset))).sorted().joined(separator: ", ")),
      ("dataset digest (SHA-256)", contents.datasetDigest),
      ("report by", "vaesweep \(version)"),
      ("runs by", list(origins.versions)),
      ("trainer version", "\(contents.trainerVersion)"),
      ("numeric fingerprint", list(origins.fingerprints)),
      ("BLAS core", list(origins.blasCores)),
      ("hosts", list(origins.hosts)),
      ("CPUs", list(origins.cpus)),
      ("collapse threshold", "Var(μ) < \(Cell.number(contents.collapseThreshold).shown())"),
      (
        "resampling",
        "\(contents.resampling.replicates) replicates from seed \(contents.resampling.seed)"
      ),
    ]
  }

  private static let model: Markup = """
    Dense variational autoencoders (Kingma &amp; Welling 2014) after Asperti’s page, trained on the sum \
    over pixels of the reconstruction loss and, over latents, of the KL divergence to the standard \
    normal; without sampling z = μ and the KL divergence is replaced by ½ Σ μ². Losses are in nats per \
    image. <code>test_total_last5</code>, the final error of the study, is the mean test loss of the \
    last five epochs. Collapse is judged by Var(μ) over the test set (Burda et al. 2015).
    """

  private static let statistics: Markup = """
    Means have Student’s t intervals; standard deviations a jackknife-t interval of their logarithm \
    (Miller 1968), from ten runs on. Two means are compared by Welch’s interval and, seed by seed, by \
    the paired t interval and a sign-flip test; orders by Brunner &amp; Munzel’s test (2000), which \
    does not assume equal spreads; spreads by permutation of the logarithm of the variance ratio, with \
    Brown &amp; Forsythe’s test beside it and, where few runs make most of a spread, the ratio \
    without the outermost run of each side; shares by Wilson’s interval (1927), Boschloo’s exact test \
    (1970) and Newcombe’s interval (1998); counts by permutation. q values are those of Benjamini \
    &amp; Hochberg (1995); verdicts on claims fixed beforehand follow Holm (1979). All intervals are \
    two-sided, 95 %. <code>coverage</code> is the energy distance (Székely &amp; Rizzo 2013) of codes \
    to the standard normal, <code>generation</code> the density and coverage of Naeem et al. (2020) \
    of decoded draws against test images in 50 principal components.
    """

  private static let sources: [Markup] = [
    "A. Asperti: <i>About Variational Autoencoders</i>. Web page, University of Bologna.",
    "Y. Benjamini, Y. Hochberg: Controlling the false discovery rate. <i>J. R. Stat. Soc. B</i> 57 (1995).",
    "R. D. Boschloo: Raised conditional level of significance for the 2 × 2-table. <i>Statistica Neerlandica</i> 24 (1970).",
    "M. B. Brown, A. B. Forsythe: Robust tests for the equality of variances. <i>J. Am. Stat. Assoc.</i> 69 (1974).",
    "E. Brunner, U. Munzel: The nonparametric Behrens–Fisher problem. <i>Biometrical Journal</i> 42 (2000).",
    "Y. Burda, R. Grosse, R. Salakhutdinov: Importance weighted autoencoders. arXiv:1509.00519 (2015).",
    "S. Holm: A simple sequentially rejective multiple test procedure. <i>Scand. J. Statist.</i> 6 (1979).",
    "D. P. Kingma, M. Welling: Auto-encoding variational Bayes. <i>ICLR</i> (2014).",
    "R. G. Miller: Jackknifing variances. <i>Ann. Math. Statist.</i> 39 (1968).",
    "M. F. Naeem et al.: Reliable fidelity and diversity metrics for generative models. <i>ICML</i> (2020).",
    "R. G. Newcombe: Interval estimation for the difference between independent proportions. <i>Statistics in Medicine</i> 17 (1998).",
    "M. A. Petroff: Accessible color sequences for data visualization. arXiv:2107.02270 (2021).",
    "G. J. Székely, M. L. Rizzo: Energy statistics. <i>J. Statist. Plann. Inference</i> 143 (2013).",
    "B. L. Welch: The generalization of ‘Student’s’ problem. <i>Biometrika</i> 34 (1947).",
    "E. B. Wilson: Probable inference, the law of succession, and statistical inference. <i>J. Am. Stat. Assoc.</i> 22 (1927).",
  ]
}
