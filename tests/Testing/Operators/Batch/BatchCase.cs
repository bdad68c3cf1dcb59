using Millrace.Batches;
using Millrace.Execution.Spilling;

namespace Millrace.Operators.Batch;

/// <summary>An operator of batch mode with what it takes and must give.</summary>
/// <param name="Create">Makes a fresh operator.</param>
/// <param name="Offer">Its input, from the beginning.</param>
/// <param name="Expected">What it must give, in any order.</param>
internal sealed record BatchCase<TOut>(
    Func<BatchPlace, TestOutput<TOut>, StreamOperator> Create,
    Func<StreamOperator, BatchDealer, IBatchInput> Offer,
    IReadOnlyList<TOut> Expected);

/// <summary>Where an operator of batch mode is run.</summary>
/// <param name="Loop">Its loop.</param>
/// <param name="Space">Where it keeps aside what does not fit the memory.</param>
/// <param name="Batches">Counts the batches that are out.</param>
/// <param name="BatchSize">Records of a batch within it.</param>
internal sealed record BatchPlace(BatchLoop Loop, SpillSpace Space, BatchAccount Batches, int BatchSize);

/// <summary>How input is cut into batches, and batches into calls.</summary>
/// <param name="Random">Decides it.</param>
/// <param name="BatchSize">Most records of a batch.</param>
/// <param name="Batches">Counts the batches that are out.</param>
internal sealed record BatchDealer(Random Random, int BatchSize, BatchAccount Batches);
