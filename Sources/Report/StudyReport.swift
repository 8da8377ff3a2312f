import Figures
import Platform
import Study
package import Sweep
package import Tables
package import VAE

/// The whole report: one page with its pictures, and each picture as a file of its own.
///
///     var report = StudyReport(contents, kinds: store's, show: .median)
///     for request in report.wanted { report.add(store's data, for: request) }
///     try ReportFolder(path).write(report.files())
package struct StudyReport {
  private let contents: ReportContents
  private let names: ConfigurationNames
  private let version: String
  private var gallery: Gallery
  private let claims: [ClaimTable]
  private let looks: LooksTable?
  private let reference: ReportReference?

  /// - Parameters:
  ///   - kinds: The pictures that the store has data for, point by point.
  ///   - claims: What each sweep claims, judged.
  ///   - looks: What looks decided; nil where none were planned.
  ///   - reference: What the others are compared with; nil for the one with the smallest mean.
  package init(
    _ contents: ReportContents, kinds: [PointKey: Set<PictureKind>], show: ShownRun = .median,
    claims: [ClaimTable] = [], looks: LooksTable? = nil, reference: ReportReference? = nil,
    version: String = programVersion
  ) {
    self.reference = reference
    self.claims = claims
    self.looks = looks
    var contents = contents
    contents.gather()
    self.contents = contents
    self.version = version
    names = ConfigurationNames(contents.configurations.map(\.configuration))
    gallery = Gallery(contents, kinds: kinds, show: show)
  }

  /// The data of the pictures that will be shown.
  package var wanted: [PictureRequest] { gallery.wanted }

  package mutating func add(_ data: [UInt8], for request: PictureRequest) {
    gallery.add(data, for: request)
  }

  /// `index.html` and the files of its pictures; the same contents give the same bytes.
  ///
  /// - Parameter say: Told what is under way.
  package func files(say: (String) -> Void = { _ in }) throws(ReportError) -> [ReportFile] {
    do throws(FigureError) {
      return try drawnFiles(say: say)
    } catch {
      throw ReportError(error)
    }
  }

  private func drawnFiles(say: (String) -> Void) throws(FigureError) -> [ReportFile] {
    say("comparing configurations")
    let family = ComparisonFamily(
      contents.configurations, limit: ComparisonFamily.maxPairsOnPage,
      collapseThreshold: contents.collapseThreshold, resampling: contents.resampling)
    say("drawing charts")
    var sections = chartSections(family)
    say("drawing pictures")
    sections += try LatentSections(contents: contents, names: names, gallery: gallery).sections()
    if let trajectories = try TrajectorySection(
      contents: contents, names: names, gallery: gallery
    ).section() {
      sections.append(trajectories)
    }
    if let reconstructions = try ReconstructionSection(
      contents: contents, names: names, gallery: gallery
    ).section() {
      sections.append(reconstructions)
    }
    if gallery.isEmpty || !gallery.unreadable.isEmpty { sections.append(noPictures) }
    sections.append(
      MethodsSection(contents: contents, show: gallery.show, version: version).section)
    let page = WholePage(contents: contents, sections: sections, version: version)
    return [ReportFile(name: ReportFolder.page, bytes: Array(page.markup.text.utf8))]
      + sections.flatMap(\.files)
  }

  /// What is drawn from the runs alone, several sections at once.
  private func chartSections(_ family: ComparisonFamily) -> [Section] {
    let (contents, names, reference) = (contents, names, reference)
    let (claims, looks) = (claims, looks)
    // It fails for a metric without a direction alone, and the default one has one.
    let luck = try? LuckAnswer(
      contents.configurations, collapseThreshold: contents.collapseThreshold)
    // Spread over the processors by itself, as the runs of luck are.
    let collapse = CollapseSection(contents: contents, names: names).section
    let sections: [@Sendable () -> Section?] = [
      // Of every set of comparable configurations; nothing where no two are comparable.
      { luck.flatMap { LuckSection($0, names: names).section } },
      { ClaimSection(tables: claims).section },
      { ErrorSection(contents: contents, names: names, looks: looks).section },
      { CurveSection(contents: contents, names: names).section },
      { collapse },
      { MeasureSection(contents: contents, names: names).section },
      {
        ComparisonSection(
          family: family, names: names, resampling: contents.resampling,
          differences: Differences(
            contents.configurations, names: names, chosen: reference?.configuration)
        ).section
      },
    ]
    return sections.concurrentMap { $0() }.compactMap(\.self)
  }

  /// Says why pictures are missing.
  private var noPictures: Section {
    var section = Section("pictures", "Pictures that are missing")
    if gallery.isEmpty {
      section.paragraph(
        """
        The store holds no picture data. Name what you want under <code>pictures:</code> in the sweep \
        file and run it again on the same store: what lacks is trained once more, and must come out \
        the same.
        """)
    }
    for request in gallery.unreadable {
      section.paragraph(
        "The data of the picture <code>\(request.kind.rawValue)</code> of \(request.key.short)… can’t be read."
      )
    }
    return section
  }
}
