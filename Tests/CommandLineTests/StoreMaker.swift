import Foundation
import GRDB

/// Makes SQLite files that are not stores of this program.
enum StoreMaker {
  static func make(_ path: String, _ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  static func copy(_ source: String, _ target: String, _ sql: String) throws {
    try FileManager.default.copyItem(atPath: source, toPath: target)
    try make(target, sql)
  }
}
