// Bluetooth SIG, Assigned Numbers, 2.8: class of device.
namespace KismetOrleans.Wire.Bluetooth;

/// <summary>What kind of device a classic Bluetooth device is: 24 bits.</summary>
/// <param name="Value">Bits 2–7 minor class, 8–12 major class, 13–23 services.</param>
public readonly record struct ClassOfDevice(uint Value)
{
    private const int MajorUncategorized = 31;

    private static readonly string[] s_majors =
        ["Miscellaneous", "Computer", "Phone", "Network Access Point", "Audio/Video", "Peripheral", "Imaging", "Wearable", "Toy", "Health"];

    private static readonly string[][] s_minors =
    [
        [],
        ["Uncategorized", "Desktop", "Server", "Laptop", "Handheld", "Palm-size", "Wearable", "Tablet"],
        ["Uncategorized", "Cellular", "Cordless", "Smartphone", "Modem", "ISDN"],
        [],
        [
            "Uncategorized", "Headset", "Hands-free", "", "Microphone", "Loudspeaker", "Headphones", "Portable Audio", "Car Audio", "Set-top Box", "HiFi Audio",
            "VCR", "Video Camera", "Camcorder", "Video Monitor", "Video Display and Loudspeaker", "Video Conferencing", "", "Gaming/Toy",
        ],
        ["Uncategorized", "Joystick", "Gamepad", "Remote Control", "Sensing Device", "Digitizer Tablet", "Card Reader", "Digital Pen", "Handheld Scanner", "Gestural Input"],
        [],
        ["", "Wristwatch", "Pager", "Jacket", "Helmet", "Glasses", "Pin"],
        ["", "Robot", "Vehicle", "Doll", "Controller", "Game"],
        [
            "Undefined", "Blood Pressure Monitor", "Thermometer", "Weighing Scale", "Glucose Meter", "Pulse Oximeter", "Heart Rate Monitor", "Health Data Display",
            "Step Counter", "Body Composition Analyzer", "Peak Flow Monitor", "Medication Monitor", "Knee Prosthesis", "Ankle Prosthesis", "Health Manager", "Mobility Device",
        ],
    ];

    private static readonly string[] s_input = ["", "Keyboard", "Pointing Device", "Keyboard and Pointing Device"];
    private static readonly string[] s_imaging = ["Display", "Camera", "Scanner", "Printer"];

    /// <summary>Major class in words, "" where the number is not assigned.</summary>
    public string Major => Number == MajorUncategorized ? "Uncategorized" : Number < s_majors.Length ? s_majors[Number] : "";

    /// <summary>Minor class in words, "" where it is not assigned.</summary>
    public string Minor
    {
        get
        {
            const int peripheral = 5, imaging = 6;
            int minor = (int)(Value >> 2) & 63;
            switch (Number)
            {
                case peripheral:
                    // Two bits for keyboard and mouse, four for the rest.
                    string[] others = s_minors[peripheral];
                    return minor >> 4 != 0 ? s_input[minor >> 4] : minor < others.Length ? others[minor] : "";
                case imaging:
                    // A bit for each of the four; the first one counts.
                    return (minor >> 2) == 0 ? "" : s_imaging[System.Numerics.BitOperations.TrailingZeroCount(minor >> 2)];
                default:
                    string[] minors = Number < s_minors.Length ? s_minors[Number] : [];
                    return minor < minors.Length ? minors[minor] : "";
            }
        }
    }

    private int Number => (int)(Value >> 8) & 31;
}
