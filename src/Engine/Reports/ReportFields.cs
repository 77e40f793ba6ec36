using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Tracking;

namespace KismetOrleans.Engine.Reports;

/// <summary>What reports in JSON tell that is of use here.</summary>
internal enum ReportKey
{
    Model, Id, FromId, Device, Channel, Freq, Freq1, Freq2, Type, Battery, BatteryOk, Rssi, Snr, Noise,
    TemperatureC, TemperatureF, Moisture, Humidity,
    Direction, WindStrength, WindDirection, WindDirDeg, WindAvgKmh, WindMaxKmh, WindAvgMs, WindMaxMs, WindAvgMih, WindMaxMih, WindSpeed, Speed, Gust,
    Rain, RainMm, RainIn, RainRaw, UvIndex, Lux,
    PressurePsi, PressureBar, PressureKpa, Flags, Mic, State, Code,
    Switch0, Switch1, Switch2, Switch3, Switch4, Switch5, Switch6,
    ToId, MsgType, MsgStr, HopsMax, HopsLeft,
    StrikeCount, StormDist, Active, Rfi, Pm25, Pm10,
    ErtSerial, MeterType, ErtType, ErtType2, ConsumptionLower, Consumption, ConsumptionData, LastConsumption, PhysicalTamper, EncoderTamper,
    MeterId, MeterTypeCode, PhyTamper, EndpTamper, Valid, MessageId, MessageType, EndpointId, TamperPhy, TamperEnc,
    Icao, Adsb, AdsbRaw,
    Count,
}

/// <summary>The values of a report in JSON, read in one pass without an allocation; texts are made only where they are new.</summary>
internal ref struct ReportFields
{
    /// <summary>Bytes of a report at most.</summary>
    public const int MaxJson = 4096;

    // Of a text that a device keeps.
    private const int MaxText = 64;
    private static readonly FrozenDictionary<string, ReportKey>.AlternateLookup<ReadOnlySpan<char>> s_keys = Keys().GetAlternateLookup<ReadOnlySpan<char>>();
    private ReadOnlySpan<byte> _json;
    private Span<Value> _values;

    /// <summary>Reads a report.</summary>
    /// <param name="room">As many as there are keys.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, Span<Value> room, out ReportFields fields)
    {
        room.Clear();
        fields = new() { _json = json, _values = room };
        try
        {
            Utf8JsonReader reader = new(json);
            // Whatever follows is none of the report's.
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && Read(ref reader, room) && json[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8).IsEmpty;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether a key was there, and not null.</summary>
    public readonly bool Has(ReportKey key) => _values[(int)key].Type != JsonTokenType.None;

    /// <summary>Whether one of some keys was there; they follow one another.</summary>
    public readonly bool HasAny(ReportKey first, ReportKey last)
    {
        for (ReportKey key = first; key <= last; key++)
        {
            if (Has(key))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A number, as such or in quotes.</summary>
    public readonly bool TryNumber(ReportKey key, out double number)
    {
        number = 0;
        ref readonly Value value = ref _values[(int)key];
        ReadOnlySpan<byte> raw = Raw(value);
        return value.Type is JsonTokenType.Number or JsonTokenType.String && Utf8Parser.TryParse(raw, out number, out int used) && used == raw.Length && double.IsFinite(number);
    }

    /// <summary>Whether a value is a number as such.</summary>
    public readonly bool IsNumber(ReportKey key) => _values[(int)key].Type == JsonTokenType.Number;

    public readonly bool IsText(ReportKey key) => _values[(int)key].Type == JsonTokenType.String;

    /// <summary>A value as it stands there, without quotes; escapes are left.</summary>
    public readonly ReadOnlySpan<byte> Raw(ReportKey key) => Raw(_values[(int)key]);

    /// <summary>A value as text.</summary>
    /// <param name="before">What it was before: kept where it is the same, or where there is none now.</param>
    public readonly string Text(ReportKey key, string before)
    {
        ref readonly Value value = ref _values[(int)key];
        if (value.Type == JsonTokenType.None)
        {
            return before;
        }
        ReadOnlySpan<byte> raw = Raw(value);
        if (value.IsEscaped)
        {
            return Unescaped(_json.Slice(value.At - 1, value.Length + 2));
        }
        Span<char> text = stackalloc char[MaxText];
        return raw.Length <= MaxText && Encoding.UTF8.TryGetChars(raw, text, out int length) && text[..length].SequenceEqual(before) ? before : Printable(raw);
    }

    /// <summary>A number as text, without its fraction; another value as it is.</summary>
    public readonly string WholeText(ReportKey key, string before)
    {
        if (!IsNumber(key) || !TryNumber(key, out double number))
        {
            return Text(key, before);
        }
        Span<char> text = stackalloc char[MaxText];
        long whole = (long)Math.Clamp(number, long.MinValue, long.MaxValue);
        return whole.TryFormat(text, out int length, provider: CultureInfo.InvariantCulture) && text[..length].SequenceEqual(before) ? before : new(text[..length]);
    }

    // Rare: what rtl_433 says is plain.
    private static string Unescaped(ReadOnlySpan<byte> quoted)
    {
        Utf8JsonReader reader = new(quoted);
        try
        {
            _ = reader.Read();
            return Printable(Encoding.UTF8.GetBytes(reader.GetString()!));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which the syntax allows and no text has.
            return Printable(quoted[1..^1]);
        }
    }

    private static string Printable(ReadOnlySpan<byte> text) => SsidText.Printable(text[..Math.Min(text.Length, MaxText)]);

    private readonly ReadOnlySpan<byte> Raw(in Value value) => _json.Slice(value.At, value.Length);

    private static bool Read(ref Utf8JsonReader reader, scoped Span<Value> values)
    {
        Span<char> name = stackalloc char[MaxText];
        int depth = 1;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.EndObject when --depth == 0:
                    return true;
                case JsonTokenType.PropertyName:
                    if (!reader.ValueIsEscaped && Encoding.UTF8.TryGetChars(reader.ValueSpan, name, out int length) && s_keys.TryGetValue(name[..length], out ReportKey key))
                    {
                        Take(ref reader, ref values[(int)key]);
                    }
                    else if (Enters(ref reader))
                    {
                        depth++;
                    }
                    break;
            }
        }
        return false;
    }

    private static void Take(ref Utf8JsonReader reader, ref Value value)
    {
        _ = reader.Read();
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String or JsonTokenType.True or JsonTokenType.False)
        {
            bool isText = reader.TokenType == JsonTokenType.String;
            value = new() { Type = reader.TokenType, At = (int)reader.TokenStartIndex + (isText ? 1 : 0), Length = reader.ValueSpan.Length, IsEscaped = reader.ValueIsEscaped };
        }
        else
        {
            reader.Skip();
        }
    }

    // rtlamr has what it says in a dictionary of its own.
    private static bool Enters(ref Utf8JsonReader reader)
    {
        bool isMessage = reader.ValueTextEquals("Message"u8);
        _ = reader.Read();
        if (isMessage && reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }
        reader.Skip();
        return false;
    }

    private static FrozenDictionary<string, ReportKey> Keys() => new Dictionary<string, ReportKey>
    {
        ["model"] = ReportKey.Model,
        ["id"] = ReportKey.Id,
        ["from_id"] = ReportKey.FromId,
        ["device"] = ReportKey.Device,
        ["channel"] = ReportKey.Channel,
        ["freq"] = ReportKey.Freq,
        ["freq1"] = ReportKey.Freq1,
        ["freq2"] = ReportKey.Freq2,
        ["type"] = ReportKey.Type,
        ["battery"] = ReportKey.Battery,
        ["battery_ok"] = ReportKey.BatteryOk,
        ["rssi"] = ReportKey.Rssi,
        ["snr"] = ReportKey.Snr,
        ["noise"] = ReportKey.Noise,
        ["temperature_C"] = ReportKey.TemperatureC,
        ["temperature_F"] = ReportKey.TemperatureF,
        ["moisture"] = ReportKey.Moisture,
        ["humidity"] = ReportKey.Humidity,
        ["direction_deg"] = ReportKey.Direction,
        ["windstrength"] = ReportKey.WindStrength,
        ["winddirection"] = ReportKey.WindDirection,
        ["wind_dir_deg"] = ReportKey.WindDirDeg,
        ["wind_avg_km_h"] = ReportKey.WindAvgKmh,
        ["wind_max_km_h"] = ReportKey.WindMaxKmh,
        ["wind_avg_m_s"] = ReportKey.WindAvgMs,
        ["wind_max_m_s"] = ReportKey.WindMaxMs,
        ["wind_avg_mi_h"] = ReportKey.WindAvgMih,
        ["wind_max_mi_h"] = ReportKey.WindMaxMih,
        ["windspeed"] = ReportKey.WindSpeed,
        ["speed"] = ReportKey.Speed,
        ["gust"] = ReportKey.Gust,
        ["rain"] = ReportKey.Rain,
        ["rain_mm"] = ReportKey.RainMm,
        ["rain_in"] = ReportKey.RainIn,
        ["rain_raw"] = ReportKey.RainRaw,
        ["uv_index"] = ReportKey.UvIndex,
        ["lux"] = ReportKey.Lux,
        ["pressure_PSI"] = ReportKey.PressurePsi,
        ["pressure_bar"] = ReportKey.PressureBar,
        ["pressure_kPa"] = ReportKey.PressureKpa,
        ["flags"] = ReportKey.Flags,
        ["mic"] = ReportKey.Mic,
        ["state"] = ReportKey.State,
        ["code"] = ReportKey.Code,
        ["switch0"] = ReportKey.Switch0,
        ["switch1"] = ReportKey.Switch1,
        ["switch2"] = ReportKey.Switch2,
        ["switch3"] = ReportKey.Switch3,
        ["switch4"] = ReportKey.Switch4,
        ["switch5"] = ReportKey.Switch5,
        ["switch6"] = ReportKey.Switch6,
        ["to_id"] = ReportKey.ToId,
        ["msg_type"] = ReportKey.MsgType,
        ["msg_str"] = ReportKey.MsgStr,
        ["hopsmax"] = ReportKey.HopsMax,
        ["hopsleft"] = ReportKey.HopsLeft,
        ["strike_count"] = ReportKey.StrikeCount,
        ["storm_dist"] = ReportKey.StormDist,
        ["active"] = ReportKey.Active,
        ["rfi"] = ReportKey.Rfi,
        ["pm2_5_ug_m3"] = ReportKey.Pm25,
        ["estimated_pm10_0_ug_m3"] = ReportKey.Pm10,
        ["ERTSerialNumber"] = ReportKey.ErtSerial,
        ["MeterType"] = ReportKey.MeterType,
        ["ERTType"] = ReportKey.ErtType,
        ["ert_type"] = ReportKey.ErtType2,
        ["consumption"] = ReportKey.ConsumptionLower,
        ["Consumption"] = ReportKey.Consumption,
        ["consumption_data"] = ReportKey.ConsumptionData,
        ["LastConsumptionCount"] = ReportKey.LastConsumption,
        ["physical_tamper"] = ReportKey.PhysicalTamper,
        ["encoder_tamper"] = ReportKey.EncoderTamper,
        ["meterid"] = ReportKey.MeterId,
        ["metertype"] = ReportKey.MeterTypeCode,
        ["phytamper"] = ReportKey.PhyTamper,
        ["endptamper"] = ReportKey.EndpTamper,
        ["valid"] = ReportKey.Valid,
        ["ID"] = ReportKey.MessageId,
        ["Type"] = ReportKey.MessageType,
        ["EndpointID"] = ReportKey.EndpointId,
        ["TamperPhy"] = ReportKey.TamperPhy,
        ["TamperEnc"] = ReportKey.TamperEnc,
        ["icao"] = ReportKey.Icao,
        ["adsb"] = ReportKey.Adsb,
        ["adsb_raw_msg"] = ReportKey.AdsbRaw,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public struct Value
    {
        public JsonTokenType Type;
        public int At;
        public int Length;
        public bool IsEscaped;
    }
}
