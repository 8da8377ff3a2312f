import Figures

/// The style sheet of the page: the colours of its charts, then `chart.css` and `page.css`.
enum PageStyle {
  static let sheet: Markup = """
    :root{\(ChartStyle.properties(dark: false))}
    @media (prefers-color-scheme:dark){:root{\(ChartStyle.properties(dark: true))}}
    @media print{:root{\(ChartStyle.properties(dark: false))}}
    \(ChartStyle.sheet)\(page)
    """

  private static let page = Markup(
    trusted: String(decoding: PackageResources.page_css, as: UTF8.self))
}
