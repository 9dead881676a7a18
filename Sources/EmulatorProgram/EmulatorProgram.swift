import ArgumentParser
import WhatsAppEmulator

/// The program `whatsapp-emulator`. The emulator itself is a library, because tests and benchmarks use it too.
@main
enum EmulatorProgram {
    static func main() async { await WhatsAppEmulatorCommand.main() }
}
