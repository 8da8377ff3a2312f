import Foundation
import Platform
import ZeroMQ

/// A worker that `vaesweep run` started ends when its parent does, however that ends.
enum InputWatch {
  static func request(_ stop: StopSignal) {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { break }
      }
      stop.request()
    }
    thread.start()
    // Until here the kernel would have killed this process with its parent; now it ends in order.
    ChildProcess.outliveParent()
  }
}
