using System.Globalization;

namespace KismetOrleans.Capture.Edge;

/// <summary>What the agent says to whoever started it: one line each.</summary>
/// <param name="time">Clock of the lines.</param>
internal sealed class EdgeLog(TextWriter writer, TimeProvider time)
{
    /// <summary>Something that one may want to know.</summary>
    public void Info(string source, string text) => Write("info", source, text);

    /// <summary>Something that one should know.</summary>
    public void Warn(string source, string text) => Write("warn", source, text);

    /// <summary>Something that one must see to.</summary>
    public void Error(string source, string text) => Write("fail", source, text);

    private void Write(string level, string source, string text)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {level} {source}: {text}");
        lock (writer)
        {
            writer.WriteLine(line);
        }
    }
}
