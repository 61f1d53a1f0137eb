// One step of the sequence: an arrow between the three lanes, and beside it what it is and what it carried.
Component({
  properties: {
    name: String,
    number: Number,
    title: String,
    state: String,
    time: String,
    text: String,
    // The word for a step that was not needed.
    cached: String,
  },
})
