namespace KismetOrleans.Engine.Reports;

/// <summary>What a meter tells, of whichever program.</summary>
internal struct MeterReport
{
    public ulong Id;
    public double Consumption;

    /// <summary>1 electricity, 2 gas, 3 water, 0 another; of rtlamr its own number.</summary>
    public uint TypeCode;
    public string Type;
    public uint PhysicalTamper;
    public uint EndpointTamper;

    /// <summary>Whether rtl_433 has a meter's message of these names.</summary>
    public static bool IsModel(in ReportFields fields) =>
        fields.IsText(ReportKey.Model) && fields.Raw(ReportKey.Model) is var model
        && (model.SequenceEqual("IDM"u8) || model.SequenceEqual("NETIDM"u8) || model.SequenceEqual("ERT-SCM"u8) || model.SequenceEqual("SCMplus"u8) || model.SequenceEqual("SCM+"u8));

    /// <summary>Reads what rtl_433 says.</summary>
    public static bool TryReadRtl433(in ReportFields fields, out MeterReport meter)
    {
        meter = new() { Type = "Meter" };
        bool hasId = (fields.IsNumber(ReportKey.Id) && fields.TryNumber(ReportKey.Id, out double id)) || (fields.TryNumber(ReportKey.ErtSerial, out id) && fields.IsNumber(ReportKey.ErtSerial));
        bool hasReading = fields.TryNumber(ReportKey.ConsumptionLower, out meter.Consumption) || fields.TryNumber(ReportKey.Consumption, out meter.Consumption)
            || fields.TryNumber(ReportKey.ConsumptionData, out meter.Consumption) || fields.TryNumber(ReportKey.LastConsumption, out meter.Consumption);
        if (!hasId || !hasReading || !fields.IsText(ReportKey.Model) || id < 0)
        {
            return false;
        }
        meter.Id = (ulong)Math.Min(id, uint.MaxValue);
        meter.Consumption = Math.Max(0, meter.Consumption);
        meter.PhysicalTamper = Small(fields, ReportKey.PhysicalTamper);
        meter.EndpointTamper = Small(fields, ReportKey.EncoderTamper);
        if (fields.IsText(ReportKey.MeterType))
        {
            ReadOnlySpan<byte> type = fields.Raw(ReportKey.MeterType);
            meter.TypeCode = type.SequenceEqual("Electric"u8) ? 1u : type.SequenceEqual("Gas"u8) ? 2u : type.SequenceEqual("Water"u8) ? 3u : 0;
        }
        else if (IsModel(fields) && (fields.TryNumber(ReportKey.ErtType, out double code) || fields.TryNumber(ReportKey.ErtType2, out code)))
        {
            meter.TypeCode = KindOf(code);
        }
        else
        {
            return false;
        }
        meter.Type = NameOf(meter.TypeCode);
        return true;
    }

    /// <summary>Reads what rtlamr says, or what older programs of Kismet made of it.</summary>
    public static bool TryReadRtlAmr(in ReportFields fields, out MeterReport meter)
    {
        meter = new() { Type = "Meter" };
        bool hasId = fields.TryNumber(ReportKey.MeterId, out double id) || fields.TryNumber(ReportKey.MessageId, out id)
            || fields.TryNumber(ReportKey.EndpointId, out id) || fields.TryNumber(ReportKey.ErtSerial, out id);
        bool hasReading = fields.TryNumber(ReportKey.ConsumptionLower, out meter.Consumption) || fields.TryNumber(ReportKey.Consumption, out meter.Consumption)
            || fields.TryNumber(ReportKey.LastConsumption, out meter.Consumption);
        bool isWrong = fields.Has(ReportKey.Valid) && !fields.Raw(ReportKey.Valid).SequenceEqual("true"u8) && !fields.Raw(ReportKey.Valid).SequenceEqual("1"u8);
        if (!hasId || !hasReading || isWrong || id < 0)
        {
            return false;
        }
        // Of rtlamr's own, the outer "Type" is the message's kind in words, and the message's a number: the last one counts.
        double code = fields.TryNumber(ReportKey.MeterTypeCode, out double stated) || fields.TryNumber(ReportKey.MessageType, out stated) || fields.TryNumber(ReportKey.ErtType, out stated) ? stated : 0;
        meter.Id = (ulong)Math.Min(id, uint.MaxValue);
        meter.TypeCode = (uint)Math.Clamp(code, 0, ushort.MaxValue);
        meter.Type = NameOf(KindOf(code));
        meter.PhysicalTamper = Math.Max(Small(fields, ReportKey.PhyTamper), Small(fields, ReportKey.TamperPhy));
        meter.EndpointTamper = Math.Max(Small(fields, ReportKey.EndpTamper), Small(fields, ReportKey.TamperEnc));
        return true;
    }

    private static uint Small(in ReportFields fields, ReportKey key) => fields.TryNumber(key, out double number) ? (uint)Math.Clamp(number, 0, byte.MaxValue) : 0;

    private static uint KindOf(double ert) => ert switch
    {
        4 or 5 or 7 or 8 or 23 => 1,
        2 or 9 or 12 => 2,
        11 or 13 => 3,
        _ => 0,
    };

    private static string NameOf(uint kind) => kind switch
    {
        1 => "Electric",
        2 => "Gas",
        3 => "Water",
        _ => "Meter",
    };
}
