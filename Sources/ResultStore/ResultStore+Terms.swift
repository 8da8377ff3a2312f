internal import GRDB
internal import Sweep

extension ResultStore {
  /// Refuses a store whose outcomes cannot stand beside those of `identity`.
  static func check(_ identity: StoreIdentity, _ connection: Connection) throws(StoreError) {
    let path = connection.path
    try connection.read("open") { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT dataset_digest, trainer_version, blas_core, fingerprint FROM store")
      guard let row else { throw StoreError.damaged("open", path, "its terms are missing") }
      let columns = Columns(row, path)
      let dataset = try columns.digest(0)
      func refuse(_ reason: String) -> StoreError {
        StoreError(.otherTerms, "use", path, "\(reason); choose another store")
      }
      guard dataset == identity.datasetDigest else {
        throw refuse(
          "its outcomes are of the dataset \(dataset.short)…, and this sweep's is "
            + "\(identity.datasetDigest.short)…")
      }
      let version = try columns.integer(1)
      guard version == Int64(identity.trainerVersion) else {
        throw refuse(
          "its outcomes are of trainer version \(version), and this vaesweep has "
            + "\(identity.trainerVersion)")
      }
      guard !identity.mixed else { return }
      let core = try columns.text(2)
      guard core == identity.blasCore else {
        throw refuse(
          "its outcomes were made with the BLAS core \(core), and this start uses "
            + "\(identity.blasCore)")
      }
      let fingerprint = try columns.text(3)
      guard fingerprint == identity.fingerprint else {
        throw refuse(
          "this machine does not compute its fingerprint \(fingerprint.prefix(12))… but "
            + "\(identity.fingerprint.prefix(12))…")
      }
    }
  }
}
