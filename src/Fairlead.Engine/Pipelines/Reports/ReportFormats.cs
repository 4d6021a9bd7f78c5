using System.Xml;

namespace Fairlead.Engine.Pipelines.Reports;

/// <summary>
/// Reads a report of tests in whichever form it is: JUnit's, TRX, the Test Anything Protocol, or what Go and Cargo print. What a file is
/// called says nothing; what is in it does.
/// </summary>
public static class ReportFormats
{
    private const int LettersMax = 32 * 1024 * 1024;

    private static readonly XmlReaderSettings Settings = new()
    {
        // A report comes from a build, which may be anybody's.
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LettersMax,
        IgnoreComments = true,
        IgnoreWhitespace = true,
    };

    /// <param name="file">How it is called, for those who read that it is none.</param>
    public static TestSummary Read(string text, string file)
    {
        if (text.Length > LettersMax)
        {
            return TestSummary.Nothing with { Unread = [$"{file}: it is too large"] };
        }
        if (text.AsSpan().TrimStart().StartsWith("<"))
        {
            return ReadXml(text, file);
        }
        // Cargo's before TAP's, which has the least to be known by.
        return GoReport.Read(text, file) ?? CargoReport.Read(text, file) ?? TapReport.Read(text, file);
    }

    private static TestSummary ReadXml(string text, string file)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            return reader.MoveToContent() is XmlNodeType.Element && reader.LocalName is "TestRun"
                ? TrxReport.Read(reader, file)
                : JUnitReport.Read(reader, file);
        }
        catch (XmlException caught)
        {
            return TestSummary.Nothing with { Unread = [$"{file}: {caught.Message}"] };
        }
    }
}
