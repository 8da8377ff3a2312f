/// Where points stand that are trained again for an audit: behind every grid, so that an attempt's position
/// alone says that its outcome is compared and never stored.
package enum AuditPosition {
  /// More than any grid has that somebody will train.
  package static let first = 1 << 62

  package static func isAudit(_ position: Int) -> Bool { position >= first }
}
