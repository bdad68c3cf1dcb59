namespace Millrace.Contracts;

/// <summary>Does the same to states and to their model, and compares what they say.</summary>
internal static class StateOperations
{
    public static void DoOne(Random random, StateUser user, StateModel model, string where)
    {
        switch (random.Next(5))
        {
            case 0:
                OnValues(random, user, model.Now);
                break;
            case 1:
                OnList(random, user, model.Now);
                break;
            case 2:
                OnMap(random, user, model.Now, where);
                break;
            case 3:
                OnFolds(random, user, model.Now);
                break;
            default:
                OnSpaces(random, user, model.Now);
                break;
        }

        Compare(user, model, where);
    }

    public static void Compare(StateUser user, StateModel model, string where)
    {
        StateModel.Slot expected = model.Now;
        Assert.AreEqual(expected.Value, user.Value.Value, where);
        Assert.AreEqual(expected.Value is not null, user.Value.HasValue, where);
        Assert.AreEqual(
            string.Join('|', expected.List.Select(element => string.Join(',', element))),
            string.Join('|', user.List.Select(element => string.Join(',', element))),
            where);
        Assert.AreEqual(expected.List.Count, user.List.Count, where);
        CollectionAssert.AreEquivalent(expected.Map.ToArray(), user.Map.ToArray(), where);
        Assert.AreEqual(expected.Map.Count, user.Map.Count, where);
        Assert.AreEqual(expected.Reduced ?? 0, user.Reducing.Value, where);
        Assert.AreEqual(expected.Reduced is not null, user.Reducing.HasValue, where);
        Assert.AreEqual(
            expected.Aggregated.Count == 0 ? null : string.Join(',', expected.Aggregated),
            user.Aggregating.Value,
            where);
        for (int space = 0; space < StateModel.Spaces; space++)
        {
            user.Space(space);
            Assert.AreEqual(expected.SpacedValue[space] ?? 0, user.SpacedValue.Value, where);
            Assert.AreEqual(expected.SpacedValue[space] is not null, user.SpacedValue.HasValue, where);
            CollectionAssert.AreEqual(expected.SpacedList[space], user.SpacedList.ToArray(), where);
        }
    }

    private static void OnValues(Random random, StateUser user, StateModel.Slot model)
    {
        model.Value = random.Next(3) == 0 ? null : $"value {random.Next()}";
        if (model.Value is string value)
        {
            user.Value.Update(value);
            return;
        }

        user.Value.Clear();
    }

    private static void OnList(Random random, StateUser user, StateModel.Slot model)
    {
        int[][] elements = [.. Enumerable.Range(0, random.Next(4)).Select(i => new[] { random.Next(), i })];
        switch (random.Next(5))
        {
            case 0:
                model.List.Clear();
                user.List.Clear();
                break;
            case 1:
                model.List.Clear();
                model.List.AddRange(elements);
                user.List.Update(elements);
                break;
            case 2:
                model.List.AddRange(elements);
                user.List.AddAll(elements);
                break;
            case 3:
                // From the list itself.
                model.List.RemoveAll(element => element[1] == 1);
                user.List.Update(user.List.Where(element => element[1] != 1));
                break;
            default:
                model.List.Add([1, 2]);
                user.List.Add([1, 2]);
                break;
        }
    }

    private static void OnMap(Random random, StateUser user, StateModel.Slot model, string where)
    {
        (int, string) key = (random.Next(3), $"{random.Next(3)}");
        Assert.AreEqual(model.Map.TryGetValue(key, out long expected), user.Map.TryGet(key, out long found), where);
        Assert.AreEqual(expected, found, where);
        switch (random.Next(8))
        {
            case 0:
                model.Map.Clear();
                user.Map.Clear();
                break;
            case < 4:
                Assert.AreEqual(model.Map.Remove(key), user.Map.Remove(key), where);
                break;
            default:
                model.Map[key] = random.Next();
                user.Map[key] = model.Map[key];
                break;
        }
    }

    private static void OnFolds(Random random, StateUser user, StateModel.Slot model)
    {
        int value = random.Next(100);
        if (value < 20)
        {
            model.Reduced = null;
            model.Aggregated.Clear();
            user.Reducing.Clear();
            user.Aggregating.Clear();
            return;
        }

        model.Reduced = (model.Reduced ?? 0) + value;
        model.Aggregated.Add(value);
        user.Reducing.Add(value);
        user.Aggregating.Add(value);
    }

    private static void OnSpaces(Random random, StateUser user, StateModel.Slot model)
    {
        int space = random.Next(StateModel.Spaces);
        user.Space(space);
        if (random.Next(3) == 0)
        {
            model.SpacedValue[space] = null;
            model.SpacedList[space].Clear();
            user.SpacedValue.Clear();
            user.SpacedList.Clear();
            return;
        }

        int value = random.Next();
        model.SpacedValue[space] = value;
        model.SpacedList[space].Add($"{value}");
        user.SpacedValue.Update(value);
        user.SpacedList.Add($"{value}");
    }
}
