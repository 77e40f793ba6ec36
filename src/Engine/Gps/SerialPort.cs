// termios(3), open(2); <asm-generic/termbits.h> for numbers and the layout of struct termios.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Engine.Gps;

/// <summary>A serial port of Linux: opened for reading, raw, at a rate.</summary>
internal static partial class SerialPort
{
    private const int ReadOnly = 0;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x8_0000;

    // Else opening waits for a carrier, which no GPS sends.
    private const int NoWait = 0x800;
    private const int SetFlags = 4;
    private const int Now = 0;

    // Larger than any C library's struct.
    private const int TermiosRoom = 256;

    // In the third word of flags, of which these are the first two octets: the receiver is on, modem lines are of no matter.
    private const int ControlFlags = 8;
    private const byte Receive = 0x80;
    private const byte Local = 0x08;

    // Behind four words of flags and the line discipline.
    private const int ControlCharacters = 17;
    private const int VTime = 5;
    private const int VMin = 6;

    // Tenths of a second after which a read without octets returns, so that a port can be closed.
    private const byte ReadPatience = 5;

    private static readonly Dictionary<int, uint> s_speeds = new()
    {
        [1200] = 9,
        [2400] = 11,
        [4800] = 12,
        [9600] = 13,
        [19_200] = 14,
        [38_400] = 15,
        [57_600] = 0x1001,
        [115_200] = 0x1002,
        [230_400] = 0x1003,
        [460_800] = 0x1004,
        [921_600] = 0x1007,
    };

    /// <summary>The system's number of a rate; null when ports do not have it.</summary>
    public static uint? SpeedOf(int baud) => s_speeds.TryGetValue(baud, out uint speed) ? speed : null;

    /// <summary>Opens a port.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static Stream Open(string device, int baud)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new IOException("serial receivers are read on Linux only; gpsd reads them elsewhere");
        }
        // A terminal that becomes the one of a server without any would take the server with it when it is unplugged.
        SafeFileHandle handle = OpenDevice(device, ReadOnly | NoControllingTerminal | CloseOnExec | NoWait);
        try
        {
            if (handle.IsInvalid)
            {
                throw new IOException($"{device}: {Marshal.GetLastPInvokeErrorMessage()}");
            }
            byte[] settings = new byte[TermiosRoom];
            if (GetAttributes(handle, settings) != 0)
            {
                throw new IOException($"{device} is no serial port: {Marshal.GetLastPInvokeErrorMessage()}");
            }
            MakeRaw(settings);
            settings[ControlFlags] |= Receive;
            settings[ControlFlags + 1] |= Local;
            settings[ControlCharacters + VTime] = ReadPatience;
            settings[ControlCharacters + VMin] = 0;
            if (SetSpeed(settings, SpeedOf(baud)!.Value) != 0 || SetAttributes(handle, Now, settings) != 0 || Control(handle, SetFlags, 0) < 0)
            {
                throw new IOException($"{device} cannot be set to {baud} baud: {Marshal.GetLastPInvokeErrorMessage()}");
            }
            return new SerialStream(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenDevice(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle handle, int command, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle handle, Span<byte> to, nint length);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(SafeFileHandle handle, byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    private static partial int SetSpeed(byte[] settings, uint speed);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(SafeFileHandle handle, int when, byte[] settings);
}
