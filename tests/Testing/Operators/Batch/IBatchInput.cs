namespace Millrace.Operators.Batch;

/// <summary>All that comes into an operator of batch mode, in pieces that chance decides.</summary>
internal interface IBatchInput : IDisposable
{
    /// <summary>Whether every record was taken.</summary>
    bool IsOver { get; }

    /// <summary>Offers the operator some records, by one call.</summary>
    /// <exception cref="InvalidOperationException">It took less than none, or more than it was offered.</exception>
    void Give();

    /// <summary>Tells it that time is at its end.</summary>
    /// <returns>False to be called again.</returns>
    bool Advance();

    /// <summary>Tells it that its input has ended.</summary>
    /// <returns>False to be called again.</returns>
    bool Finish();
}
