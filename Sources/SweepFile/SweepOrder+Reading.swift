package import Sweep

extension SweepOrder {
  /// An order from its parts, as the store and the command line have them; nil where the verb is none or
  /// lacks its host.
  package init?(verb: String, host: String?, filter: [String]) throws(SweepFileError) {
    switch (verb, host) {
    case ("pause", _): self = .pause
    case ("resume", _): self = .resume
    case ("drain", let host?): self = .drain(host: host)
    case ("undrain", let host?): self = .undrain(host: host)
    case ("retry", _): self = .retry(try PointFilter(parsing: filter))
    case ("cancel", _): self = .cancel(try PointFilter(parsing: filter))
    default: return nil
    }
  }
}
