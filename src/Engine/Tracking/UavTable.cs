using KismetOrleans.Records.Uav;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Rules that recognise drones by address prefix and SSID, and the numbers that DJI gives its models. A table of data.</summary>
internal static class UavTable
{
    /// <summary>The rules that the server knows by itself. Both address and SSID must fit.</summary>
    public static readonly UavMatch[] Rules =
    [
        Rule("skyrider", "Propel", "Sky Rider", 0x4C0FC7, "Propel Sky Rider"),
        Rule("skyrider_nighthawk", "Propel", "Sky Rider Night Hawk", 0x247260, "^Sky Rider Vox-.*"),
        Rule("360flight", "360 Flight", "", 0xE0B94D, "^360 Flight-.*"),
        Rule("360lflight", "360-L Flight", "", 0x4C0FC7, "^360-L Flight-.*"),
        Rule("3drsolo", "3DRobotics", "Solo", 0x8ADC96, "^SoloLink_.*"),
        Rule("dji_phantom", "DJI", "Phantom 3 Standard", 0x60601F, "^Phantom3_.*"),
        Rule("dji_mavic", "DJI", "Mavic", 0x60601F, "^Mavic_.*"),
        Rule("dji_mavic_3", "DJI", "Mavic 3", 0x60601F, "^DJI-MAVIC3.*"),
        Rule("dji_mini3_pro", "DJI", "Mini3 Pro", 0x60601F, "^DJI-MINI3-Pro-.*"),
        Rule("dji_spark", "DJI", "Spark", 0x60601F, "^Spark-(?!RC-).*"),
        Rule("dji_spark_rc", "DJI", "Spark RC", 0x60601F, "^Spark-RC-.*"),
        Rule("dji_tello", "DJI", "Tello", 0x60601F, "^TELLO.*"),
        Rule("dji_osmo", "DJI", "Osmo", 0x60601F, "^OSMO_.*"),
        Rule("propel_hd_1", "Propel", "HD Video Drone", 0xEC3DFD, "Propel HD Video Drone"),
        Rule("propel_hd_2", "Propel", "HD Video Drone", 0x28F366, "Propel HD Video Drone"),
        Rule("propel_hd_3", "Propel", "HD Video Drone", 0xE0B94D, "Propel HD Video Drone"),
        Rule("yd_ufo_1", "Attop", "UFO", 0x08EA40, "^YD[_-]UFO[_-].*"),
        Rule("yd_ufo_2", "Attop", "UFO", 0x4C0FC7, "^YD[_-]UFO[_-].*"),
        Rule("yd_ufo_3", "Attop", "UFO", 0x007E56, "^YD[_-]UFO[_-].*"),
        Rule("yd_ufo_4", "Attop", "UFO", 0xB0411D, "^YD[_-]UFO[_-].*"),
        Rule("yd_ufo_5", "Attop", "UFO", 0xE0B94D, "^YD[_-]UFO[_-].*"),
        Rule("yd_ufo_6", "Attop", "UFO", 0xE8ABFA, "^YD[_-]UFO[_-].*"),
        Rule("xbm_720p_1", "XBM", "720P", 0x9097D5, "^XBM-720P-.*"),
        Rule("xbm_720p_2", "XBM", "720P", 0x08EA40, "^XBM-720P-.*"),
        Rule("parrot_bebop", "Parrot", "Bebop Drone", 0xA0143D, "^BebopDrone.*"),
        Rule("parrot_bebop2_1", "Parrot", "Bebop 2", 0x903AE6, "^Bebop2.*"),
        Rule("parrot_bebop2_2", "Parrot", "Bebop 2", 0xA0143D, "^Bebop2.*"),
        Rule("parrot_sumo", "Parrot", "Jumping Sumo", 0xA0143D, "^JumpingSumo-.*"),
        Rule("parrot_ardrone", "Parrot", "AR Drone", 0x00267E, "^ardrone[^2].*"),
        Rule("parrot_ardrone2_1", "Parrot", "AR Drone 2.0", 0x9003B7, "^ardrone2.*"),
        Rule("parrot_ardrone2_2", "Parrot", "AR Drone 2.0", 0x00267E, "^ardrone2.*"),
        Rule("parrot_skycontroller", "Parrot", "SkyController", 0xA0143D, "^SkyController.*"),
        Rule("syma", "GuangDong Syma", "", 0x580454, "^FPV_WIFI__[0-9A-F]{4}$"),
        Rule("dji_m1p", "DJI", "Mavic 1 Pro", 0x60601F, "^Mavic-[0-9A-F]{6}$"),
    ];

    /// <summary>The model that DJI numbers so, "Unknown" where the number is new.</summary>
    public static string DjiModel(byte type) => type switch
    {
        1 => "Inspire 1",
        2 => "Phantom 3 Series",
        3 => "Phantom 3 Series Pro",
        4 => "Phantom 3 Std",
        5 => "M100",
        11 => "Phantom 4",
        14 => "M600",
        15 => "Phantom 3 4K",
        16 => "Mavic Pro",
        17 => "Inspire 2",
        18 => "Phantom 4 Pro",
        21 => "Spark",
        23 => "M600 Pro",
        24 => "Mavic Air",
        25 => "M200",
        26 => "Phantom 4 Series",
        27 => "Phantom 4 Adv",
        28 => "M210",
        30 => "M210RTK",
        35 => "Phantom 4 RTK",
        36 => "Phantom 4 Pro V2.0",
        41 => "Mavic 2",
        44 => "M200 V2 Series",
        51 => "Mavic 2 Enterprise",
        53 => "Mavic Mini",
        58 => "Mavic Air 2",
        59 => "P4M",
        60 => "M300 RTK",
        61 => "DJI FPV",
        63 => "Mini 2",
        66 => "Air 2S",
        67 => "M30",
        68 => "Mavic 3",
        69 => "Mavic 2 Enterprise Advanced",
        70 => "Mini SE",
        73 => "Mini 3 Pro",
        75 => "Avata",
        86 => "Mavic 3 Classic",
        88 => "Mini 3",
        _ => "Unknown",
    };

    private static UavMatch Rule(string id, string name, string model, uint oui, string ssid) =>
        new(id, name, model, new((ulong)oui << 24), 24, ssid, Partial: false);
}
