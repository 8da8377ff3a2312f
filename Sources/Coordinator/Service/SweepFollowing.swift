package import Wire

/// Follows a coordinator's work, for whoever looks at the sweep.
///
/// It is called on the coordinator's loop, which waits for it: it may count and hand on, and no more.
package protocol SweepFollowing: AnyObject {
  /// Records that have become durable in one transaction.
  ///
  /// - Parameter took: From when the store's thread began with them, waiting for room included.
  func follow(_ records: [CommittedRecord], took: Duration)

  /// Somebody watches the sweep: adds to its status what only the follower knows.
  func complete(_ status: inout StatusReply)
}
